import { expect, test } from 'vitest';
import { TookTooLong } from '../host/within.ts';
import { failureOfTeams } from './teams-failure.ts';

test.each([
  ['resourceDisabled', 'misconfigured'],
  ['App resource defined in manifest and iframe origin do not match', 'misconfigured'],
  ['resourceRequiresConsent', 'consent_required'],
  ['consent_required', 'consent_required'],
  ['resourceRequiresMfa', 'interaction_required'],
  ['invalid_grant', 'interaction_required'],
  ['invalid_grant: AADSTS53003 blocked by policy', 'conditional_access'],
  ['CancelledByUser', 'declined'],
  ['FailedToOpenWindow', 'popup_blocked'],
  ['something new', 'unexpected'],
])('"%s" of Teams is %s (fault 24)', (text, kind) => {
  expect(failureOfTeams(new Error(text))).toMatchObject({ kind, technical: text });
});

test('a host that does not answer is not waited for', () => {
  expect(failureOfTeams(new TookTooLong('Microsoft Teams', 15_000)).kind).toBe('timed_out');
});

test('an error object of teams-js is shown as it is', () => {
  expect(failureOfTeams({ errorCode: 100 })).toMatchObject({ kind: 'unexpected', technical: '{"errorCode":100}' });
});
