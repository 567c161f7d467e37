import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceptedPermissions, capabilities, leastPermission } from '../mailbox-access/capability.ts';
import {
  type ConsentContext,
  type ConsentFacts,
  type ConsentState,
  consentProblems,
  differenceOf,
  isAuthorized,
  judgeConsent,
} from './consent-state.ts';

const needed = ['mail', 'calendar'] as const;
const nothingSpreads: ConsentContext = { needed, usedElsewhere: [], readsGroups: false, spreading: undefined };
const accepted: ConsentContext = { ...nothingSpreads, spreading: 'accepted_consent' };
const changed: ConsentContext = { ...nothingSpreads, spreading: 'other' };
const token = (...roles: string[]): ConsentFacts => ({ problem: null, roles, probes: {} });
const statesOf = (facts: ConsentFacts, context = nothingSpreads) =>
  judgeConsent(facts, context).permissions.map(({ permission, state }) => `${permission} ${state}`);

const both = ['Mail.Read', 'Calendars.Read'];

test.each<[string, ConsentFacts, ConsentContext, ConsentState]>([
  ['every role in the token', token(...both), nothingSpreads, 'authorized'],
  ['every role in directory and token', { ...token(...both), assignments: both }, nothingSpreads, 'authorized'],
  ['one of two roles', token('Mail.Read'), nothingSpreads, 'partly_authorized'],
  ['no role', token(), nothingSpreads, 'not_authorized'],
  [
    'no role, probes refused',
    { ...token(), probes: { mail: 'refused', calendar: 'refused' } },
    nothingSpreads,
    'not_authorized',
  ],
  [
    'no role, probes opened',
    { ...token(), probes: { mail: 'opened', calendar: 'opened' } },
    nothingSpreads,
    'authorized_by_exchange',
  ],
  [
    'no role, one probe opened',
    { ...token(), probes: { mail: 'opened', calendar: 'refused' } },
    nothingSpreads,
    'partly_authorized',
  ],
  [
    'one role in the token and the other feature opened by Exchange',
    { ...token('Mail.Read'), probes: { calendar: 'opened' } },
    nothingSpreads,
    'authorized',
  ],
  [
    'no role, probes without an answer',
    { ...token(), probes: { mail: 'unclear', calendar: 'unclear' } },
    nothingSpreads,
    'unknown',
  ],
  ['no role yet after an accepted consent', token(), accepted, 'waiting'],
  ['one of two roles after an accepted consent', token('Mail.Read'), accepted, 'partly_authorized'],
  ['the directory has all, the token not yet', { ...token(), assignments: both }, changed, 'waiting'],
  ['the directory has all, the token one', { ...token('Mail.Read'), assignments: both }, changed, 'waiting'],
  [
    'the directory has all, the token none, after the bound',
    { ...token(), assignments: both },
    nothingSpreads,
    'not_authorized',
  ],
  [
    'revoked in the directory, still in the token',
    { ...token(...both), assignments: ['Mail.Read'] },
    changed,
    'waiting',
  ],
  [
    'an accepted consent that the directory does not know',
    { ...token('Mail.Read'), assignments: ['Mail.Read'] },
    accepted,
    'partly_authorized',
  ],
  ['roles that cannot be read', { problem: null, probes: {} }, nothingSpreads, 'unknown'],
  [
    'roles that cannot be read beside a readable directory',
    { problem: null, assignments: both, probes: {} },
    nothingSpreads,
    'authorized',
  ],
  [
    'an application that is not in the tenant',
    { problem: 'application_unknown', probes: {} },
    nothingSpreads,
    'not_authorized',
  ],
  ['an application that is not in the tenant yet', { problem: 'application_unknown', probes: {} }, accepted, 'waiting'],
  ['a disabled application', { problem: 'application_disabled', probes: {} }, accepted, 'not_authorized'],
  ['a wrong secret', { problem: 'credential_rejected', probes: {} }, nothingSpreads, 'unknown'],
  ['an Entra that is down', { problem: 'entra_unavailable', probes: {} }, accepted, 'unknown'],
])('%s: %#', (_, facts, context, state) => {
  expect(judgeConsent(facts, context).state).toBe(state);
});

test('a broader permission serves its capability and is listed under its own name', () => {
  expect(statesOf(token('Mail.ReadWrite', 'Calendars.Read'))).toEqual([
    'Mail.ReadWrite granted',
    'Calendars.Read granted',
  ]);
});

test('a missing permission is named by the least privileged one', () => {
  expect(statesOf(token('Mail.Read'))).toEqual(['Mail.Read granted', 'Calendars.Read missing']);
});

describe('excess', () => {
  test('what no feature needs is excess, and the state stays what it is', () => {
    const facts = token(...both, 'User.Read.All', 'AppRoleAssignment.ReadWrite.All');
    expect(judgeConsent(facts, nothingSpreads).state).toBe('authorized');
    expect(statesOf(facts).slice(2)).toEqual(['User.Read.All granted', 'AppRoleAssignment.ReadWrite.All excess']);
  });

  test('what another organization of the tenant needs is no excess', () => {
    const context: ConsentContext = { ...nothingSpreads, usedElsewhere: ['send'] };
    expect(statesOf(token(...both, 'Mail.Send'), context)).toEqual(['Mail.Read granted', 'Calendars.Read granted']);
  });
});

test('reading groups is excess until a rule needs it, and then it is missed without changing the state', () => {
  const context: ConsentContext = { ...nothingSpreads, readsGroups: true };
  const held = token(...both, 'GroupMember.Read.All');
  expect(statesOf(held).at(-1)).toBe('GroupMember.Read.All excess');
  expect(statesOf(held, context).at(-1)).toBe('GroupMember.Read.All granted');
  expect(statesOf(token(...both), context).at(-1)).toBe('GroupMember.Read.All missing');
  expect(judgeConsent(token(...both), context).state).toBe('authorized');
});

describe('excess beside what serves', () => {
  test('a broader permission beside the least one that serves the same feature is more than it needs (fault 39)', () => {
    expect(statesOf(token('Mail.ReadBasic.All', 'Mail.ReadWrite', 'Calendars.Read'))).toEqual([
      'Mail.ReadBasic.All granted',
      'Calendars.Read granted',
      'Mail.ReadWrite excess',
    ]);
  });
});

describe('what an admin says to have changed one by one', () => {
  const granted: ConsentContext = { ...changed, announced: { granted: ['Calendars.Read'], revoked: [] } };
  const revoked: ConsentContext = { ...changed, announced: { granted: [], revoked: ['Calendars.Read', 'Mail.Send'] } };

  test('a grant that no token shows yet is waited for, and never counts as held', () => {
    expect(judgeConsent(token('Mail.Read'), granted).state).toBe('waiting');
    expect(statesOf(token('Mail.Read'), granted)).toEqual(['Mail.Read granted', 'Calendars.Read waiting']);
    expect(statesOf({ ...token('Mail.Read'), assignments: ['Mail.Read'] }, granted)[1]).toBe('Calendars.Read waiting');
  });

  test('a removal that the token does not show yet is waited for, of an excess one too', () => {
    const facts = token(...both, 'Mail.Send');
    expect(judgeConsent(facts, revoked).state).toBe('waiting');
    expect(statesOf(facts, revoked)).toEqual(['Mail.Read granted', 'Calendars.Read waiting', 'Mail.Send waiting']);
  });

  test('what the directory still lists was not removed, whatever was said', () => {
    const facts = { ...token(...both, 'Mail.Send'), assignments: [...both, 'Mail.Send'] };
    expect(statesOf(facts, revoked)).toEqual(['Mail.Read granted', 'Calendars.Read granted', 'Mail.Send excess']);
  });

  test('after the bound it counts for nothing', () => {
    expect(statesOf(token('Mail.Read'), { ...granted, spreading: undefined })[1]).toBe('Calendars.Read missing');
    expect(statesOf(token(...both, 'Mail.Send'), { ...revoked, spreading: undefined })[2]).toBe('Mail.Send excess');
  });
});

test('where roles in Exchange open the mailboxes, sending is unknown and not missing', () => {
  const context: ConsentContext = { ...nothingSpreads, needed: ['mail', 'send'] };
  const judged = judgeConsent({ ...token(), probes: { mail: 'opened' } }, context);
  expect(judged.state).toBe('authorized_by_exchange');
  expect(judged.permissions).toContainEqual({ permission: 'Mail.Send', capability: 'send', state: 'unknown' });
});

test('the difference between directory and token has a direction', () => {
  expect(differenceOf({ ...token(), assignments: both }, needed)).toBe('roles_granted');
  expect(differenceOf({ ...token(...both), assignments: [] }, needed)).toBe('roles_revoked');
  expect(differenceOf({ ...token(...both), assignments: both }, needed)).toBeUndefined();
  expect(differenceOf(token(...both), needed)).toBeUndefined();
});

test('authorized needs proof for every feature that can be proved, whatever is spreading', () => {
  const allRoles = capabilities.flatMap((capability) => [...acceptedPermissions[capability]]);
  const roles = fc.option(fc.subarray(allRoles), { nil: undefined });
  const facts = fc.record({
    problem: fc.option(fc.constantFrom(...consentProblems), { nil: null }),
    roles,
    assignments: roles,
    probes: fc.dictionary(fc.constantFrom(...capabilities), fc.constantFrom('opened', 'refused', 'unclear')),
  });
  const contexts = fc.record({
    needed: fc.subarray([...capabilities], { minLength: 1 }),
    usedElsewhere: fc.constant([]),
    readsGroups: fc.boolean(),
    spreading: fc.constantFrom(undefined, 'accepted_consent', 'other'),
    announced: fc.record({ granted: fc.subarray(allRoles), revoked: fc.subarray(allRoles) }),
  });
  fc.assert(
    fc.property(facts, contexts, (given, context) => {
      const { state, permissions } = judgeConsent(given as ConsentFacts, context as ConsentContext);
      if (!isAuthorized(state)) return;
      for (const capability of context.needed) {
        const grant = permissions.find((one) => one.capability === capability);
        const isProved = grant?.state === 'granted' || grant?.state === 'by_exchange';
        expect(isProved || capability === 'send').toBe(true);
      }
      expect(given.problem).toBeNull();
    }),
    { numRuns: 2000 },
  );
});

test('a state without grants names each missing permission', () => {
  expect(statesOf(token())).toEqual(needed.map((capability) => `${leastPermission(capability)} missing`));
});
