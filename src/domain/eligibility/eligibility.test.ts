import { describe, expect, test } from 'vitest';
import { type DirectoryFacts, eligibilityCauses, judgeEligibility, type Place } from './eligibility.ts';

const employee: DirectoryFacts = {
  userType: 'Member',
  accountEnabled: true,
  mail: 'ada@contoso.example',
  hasMailboxPlan: true,
  isSynchronized: false,
};
const judge = (facts: Partial<DirectoryFacts>) =>
  judgeEligibility({ kind: 'found', facts: { ...employee, ...facts } }, 'nowhere');

describe('somebody of the directory', () => {
  test.each<[string, Partial<DirectoryFacts>, string]>([
    ['a licensed employee', {}, 'eligible'],
    ['a licensed employee of a hybrid tenant', { isSynchronized: true }, 'eligible'],
    ['a directory that does not say member or guest', { userType: null }, 'eligible'],
    ['a disabled account with a licence', { accountEnabled: false }, 'account_disabled'],
    ['a shared mailbox, a room, equipment', { accountEnabled: false, hasMailboxPlan: false }, 'shared_mailbox'],
    ['a licence without an address yet', { mail: null }, 'no_mail'],
    ['no licence with a mailbox', { hasMailboxPlan: false }, 'no_licence'],
    ['no licence and no address', { hasMailboxPlan: false, mail: null }, 'no_licence'],
    [
      'a disabled account without licence and address',
      { hasMailboxPlan: false, mail: null, accountEnabled: false },
      'no_licence',
    ],
    ['a mailbox on the customer’s own servers', { hasMailboxPlan: false, isSynchronized: true }, 'on_premises'],
    [
      'a shared mailbox on the customer’s own servers',
      { hasMailboxPlan: false, isSynchronized: true, accountEnabled: false },
      'on_premises',
    ],
    [
      'somebody synchronized without an address',
      { hasMailboxPlan: false, isSynchronized: true, mail: null },
      'no_licence',
    ],
    ['a guest', { userType: 'Guest', hasMailboxPlan: false }, 'guest'],
    ['a guest with a licence: the mailbox is at home elsewhere', { userType: 'Guest' }, 'guest'],
  ])('%s', (_who, facts, cause) => expect(judge(facts)).toBe(cause));
});

test('who is not in the directory is told from who was deleted, and from who could not be looked up', () => {
  expect(judgeEligibility({ kind: 'not_found' }, 'nowhere')).toBe('not_in_directory');
  expect(judgeEligibility({ kind: 'deleted' }, 'nowhere')).toBe('deleted');
  expect(judgeEligibility({ kind: 'not_asked' }, 'nowhere')).toBe('not_verified');
});

test.each<[Place, string]>([
  ['here', 'already_here'],
  ['elsewhere', 'in_another_organization'],
])('who is %s already is said so first, whatever the directory says', (place, cause) => {
  for (const kind of ['not_found', 'deleted', 'not_asked'] as const) {
    expect(judgeEligibility({ kind }, place)).toBe(cause);
  }
  expect(judgeEligibility({ kind: 'found', facts: { ...employee, userType: 'Guest' } }, place)).toBe(cause);
});

test('of every state of the world exactly one cause comes out, and who is ready can be added', () => {
  const both = [true, false];
  const all = ([null, 'Member', 'Guest'] as const).flatMap((userType) =>
    both.flatMap((accountEnabled) =>
      [null, 'a@b.example'].flatMap((mail) =>
        both.flatMap((hasMailboxPlan) =>
          both.map((isSynchronized) => ({ userType, accountEnabled, mail, hasMailboxPlan, isSynchronized })),
        ),
      ),
    ),
  );
  expect(all).toHaveLength(48);
  for (const facts of all) {
    const { group, canBeAdded } = eligibilityCauses[judge(facts)];
    if (group === 'ready') expect({ canBeAdded, ...facts }).toMatchObject({ canBeAdded: true, mail: 'a@b.example' });
    if (group === 'impossible')
      expect({ canBeAdded, ...facts }).toMatchObject({ canBeAdded: false, userType: 'Guest' });
  }
});
