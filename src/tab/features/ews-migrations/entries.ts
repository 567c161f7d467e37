/** What was typed as a whole number within bounds; undefined for anything else. */
export function wholeNumber(text: string, min: number, max: number): number | undefined {
  const entry = text.trim();
  const number = Number(entry);
  return /^\d{1,6}$/.test(entry) && number >= min && number <= max ? number : undefined;
}

export function isAppId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text.trim());
}
