/** What a column of a file can say about a person. */
export const csvFields = ['id', 'userPrincipalName', 'mail', 'displayName'] as const;
export type CsvField = (typeof csvFields)[number];

/** Which column has which field, from 0; at least one of the first three names a person. */
export type CsvMapping = { readonly [field in CsvField]?: number | undefined };

/** Headings as Entra, Microsoft 365 and people write them; without case, spaces, dashes and underscores. */
const headings: Readonly<Record<CsvField, readonly string[]>> = {
  id: ['id', 'objectid', 'userid', 'entraobjectid', 'externaldirectoryobjectid'],
  userPrincipalName: ['userprincipalname', 'upn', 'username', 'signinname', 'login'],
  mail: ['mail', 'email', 'emailaddress', 'primarysmtpaddress', 'mailbox'],
  displayName: ['displayname', 'name', 'fullname'],
};

/** What the headings suggest. Of two columns with the same heading the first counts. */
export function suggestMapping(names: readonly string[]): CsvMapping {
  const plain = names.map((name) => name.toLowerCase().replace(/[\s_-]/g, ''));
  const found = csvFields.map((field) => [field, plain.findIndex((name) => headings[field].includes(name))] as const);
  return Object.fromEntries(found.filter(([, column]) => column >= 0));
}

/** Whether somebody can be found by it. */
export function namesPeople({ id, userPrincipalName, mail }: CsvMapping): boolean {
  return id !== undefined || userPrincipalName !== undefined || mail !== undefined;
}
