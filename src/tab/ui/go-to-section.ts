/** Shows a section of the page and puts the focus on its title: what Tab reaches next is in it. */
export function goToSection(anchor: string): void {
  const section = document.getElementById(anchor);
  section?.scrollIntoView();
  section?.querySelector('h2')?.focus({ preventScroll: true });
}
