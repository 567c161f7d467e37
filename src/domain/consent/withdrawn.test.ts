import { expect, test } from 'vitest';
import { isWithdrawn } from './withdrawn.ts';

test.each([
  ['everything is gone', ['Mail.Read', 'Calendars.Read'], [], true],
  ['what is left opens no mailbox', ['Mail.Read'], ['User.Read.All'], true],
  ['one permission of two is gone', ['Mail.Read', 'Calendars.Read'], ['Mail.Read'], false],
  ['a lesser one took its place', ['Mail.Read'], ['Mail.ReadBasic.All'], false],
  ['there was none before: roles in Exchange open the mailboxes', [], [], false],
  ['nothing is known of the older one', undefined, [], false],
  ['nothing is known of the newer one', ['Mail.Read'], undefined, false],
])('%s', (_what, before, now, expected) => {
  expect(isWithdrawn(before, now)).toBe(expected);
});
