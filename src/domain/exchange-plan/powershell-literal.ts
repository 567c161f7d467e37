/**
 * Characters that PowerShell reads as a single quote. Doubling each occurrence by itself is exact, also where different
 * ones stand side by side: any two adjacent members of the class form one escaped character.
 * @see Microsoft Learn, about_Quoting_Rules; PowerShell source, CharTraits.cs
 */
const singleQuotes = /['\u2018\u2019\u201A\u201B]/g;

/**
 * Characters that no value of a script needs and that could mislead its reader or its parser: control characters, line
 * and paragraph separators, bidirectional marks, and halves of a surrogate pair.
 */
const refused = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\uFEFF]/u;

/** Whether a value may stand in a generated script. */
export function isScriptValue(value: string): boolean {
  return !refused.test(value);
}

/** A text without the characters that a script must not carry; for words that only people read. */
export function withoutRefusedCharacters(text: string): string {
  return text.replaceAll(new RegExp(refused, 'gu'), '');
}

/**
 * A value as one single-quoted PowerShell literal, in which nothing is expanded: no `$`, no backtick, no subexpression.
 * @throws RangeError when the value may not stand in a script, see {@link isScriptValue}
 */
export function powershellLiteral(value: string): string {
  if (!isScriptValue(value)) throw new RangeError('The value has characters that a script must not carry.');
  return `'${value.replace(singleQuotes, '$&$&')}'`;
}

/**
 * A value as a literal inside an OPATH filter, such as the distinguished name in `MemberOfGroup -eq '…'`. The whole
 * filter still has to become a PowerShell literal: two layers, each with its own doubling.
 * @see Microsoft Learn, New-ManagementScope, RecipientRestrictionFilter
 * @throws RangeError as {@link powershellLiteral}
 */
export function opathLiteral(value: string): string {
  // Exchange parses the filter with PowerShell's own quotes in mind, so all five are doubled here as well.
  return powershellLiteral(value);
}
