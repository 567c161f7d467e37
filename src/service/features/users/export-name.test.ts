import { expect, test } from 'vitest';
import { contentDisposition } from '../../http/file-answer.ts';
import { exportName } from './export-name.ts';

const at = new Date('2026-11-23T21:45:00.123Z');
const all = { organizationName: undefined, filter: {}, at, count: 7 };

test.each([
  [all, 'users_all_all_20261123T214500Z_7'],
  [
    { ...all, organizationName: 'Head office', filter: { status: 'not_checked' as const } },
    'users_Head-office_not-checked_20261123T214500Z_7',
  ],
  [{ ...all, filter: { search: 'ada@contoso' } }, 'users_all_all_search-ada@contoso_20261123T214500Z_7'],
  [
    { ...all, filter: { connection: 'ews_on_premises' as const, sync: 'disabled' as const } },
    'users_all_all_connection-ews-on-premises_sync-disabled_20261123T214500Z_7',
  ],
  [
    { ...all, filter: { mailboxState: 'disabled_due_to_error' as const } },
    'users_all_all_mailbox-disabled-due-to-error_20261123T214500Z_7',
  ],
])('fault 82: the name says filter, time and count', (given, name) => expect(exportName(given)).toBe(name));

test.each([
  ['"; filename=x.exe', 'filename=x-exe'],
  ['a\r\nSet-Cookie: b', 'a-Set-Cookie-b'],
  ['../../etc', 'etc'],
  ['Zoë 株式会社 😀', 'Zoë-株式会社-😀'],
  ['invoice\u202Efdp.exe', 'invoice-fdp-exe'],
  ['...', 'unnamed'],
  ['x'.repeat(300), 'x'.repeat(40)],
  ['a\uD800b', 'a\uFFFDb'],
])('fault 84: an organization called %j is %j in the name', (organizationName, part) => {
  expect(exportName({ ...all, organizationName })).toBe(`users_${part}_all_20261123T214500Z_7`);
});

test.each([
  ['users.csv', `attachment; filename="users.csv"; filename*=UTF-8''users.csv`],
  ['Zoë.csv', `attachment; filename="Zo_.csv"; filename*=UTF-8''Zo%C3%AB.csv`],
  [
    'a"; filename=x.exe\r\nb.csv',
    `attachment; filename="a__ filename=x.exe__b.csv"; filename*=UTF-8''a%22%3B%20filename%3Dx.exe__b.csv`,
  ],
  ["it's (1)*.csv", `attachment; filename="it's (1)*.csv"; filename*=UTF-8''it%27s%20%281%29%2a.csv`],
])('fault 84: %j cannot leave its place in the header', (name, header) => {
  expect(contentDisposition(name)).toBe(header);
  expect(() => new Headers({ 'content-disposition': header })).not.toThrow();
});
