const domain = /^(?!-)[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u;

/** The domain that somebody typed, also as `@contoso.com`; undefined when it is none. */
export function domainOfText(text: string): string | undefined {
  const typed = text.trim().replace(/^@/, '').toLowerCase();
  return domain.test(typed) && typed.length <= 253 ? typed : undefined;
}
