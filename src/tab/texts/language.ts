/** The languages the tab has words in. */
const languages = ['en'] as const;
export type Language = (typeof languages)[number];

const rightToLeft: ReadonlySet<string> = new Set(['ar', 'fa', 'he', 'ur']);

/** The language whose words an admin sees; English where there are none in the admin's own. */
export function languageOf(locale: string): Language {
  const wanted = locale.toLowerCase().split('-')[0];
  return languages.find((language) => language === wanted) ?? 'en';
}

/** The page runs as its words do: English sentences would fall apart from right to left. */
export function directionOf(language: string): 'ltr' | 'rtl' {
  return rightToLeft.has(language) ? 'rtl' : 'ltr';
}
