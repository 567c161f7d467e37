/** Names with and without accents: 3,600 pairs, so that a whole name is one in 3,600. */
export const firstNames: readonly string[] = `
  Ada Alan Amara Anders Ángel Anika Åsa Barbara Bjarne Björn Carlos Chidi Chloé Claude Dorothy Edsger Elif Émile
  Esra Fatima Frances François Gareth Grace Hedy Hiroshi Ingrid Iñaki Jamal João José Katherine Kenji Lars Leïla
  Linus Lucía Łukasz Margaret Mehmet Mei Moshe Nadia Noël Olga Øyvind Priya Radia Rafał Renée Rosalind Søren Sofía
  Stéphane Svetlana Tariq Ursula Wanjiru Yusuf Zoë
`
  .trim()
  .split(/\s+/);

export const lastNames: readonly string[] = `
  Adeyemi Allen Andersson Ångström Bianchi Bjørnstad Brown Chen Cohen Costa Dąbrowski Dijkstra Dubois Eriksson
  Fernández Fischer García Gonçalves Grönlund Haddad Hamilton Hansen Hopper Ivanova Jensen Johnson Kaya Kim Knuth
  Kowalski Krüger Lamarr Lefèvre Lindqvist Liskov Lovelace Meyer Moreau Müller Nakamura Nguyễn Nowak Núñez Okafor
  Öztürk Papadopoulos Perlman Rossi Šimić Singh Smith Sørensen Tanaka Turing Vaughan Weiß Wing Wójcik Yılmaz Zhang
`
  .trim()
  .split(/\s+/);
