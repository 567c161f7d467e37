import { expect, test } from 'vitest';
import type { ReasonCode } from './reason.ts';
import { reasonOfUnprobed } from './unprobed.ts';

const mail = (reason: ReasonCode) => [{ capability: 'mail', reason }] as const;

test.each<[string, readonly string[] | undefined, ReasonCode, ReasonCode]>([
  ['granted', ['Mail.Read', 'Mail.Send'], 'connected', 'consent.permission_granted'],
  ['granted, mail throttled', ['Mail.Read', 'Mail.Send'], 'microsoft.throttled', 'consent.permission_granted'],
  ['not granted', ['Mail.Read'], 'connected', 'consent.permission_missing'],
  ['not granted, mail opened by a role in Exchange', [], 'connected', 'access.not_probed'],
  ['roles that could not be read', undefined, 'connected', 'access.not_probed'],
  [
    'granted, a policy closes the mailbox',
    ['Mail.Read', 'Mail.Send'],
    'policy.application_access_policy',
    'policy.application_access_policy',
  ],
  ['granted, no mailbox', ['Mail.Read', 'Mail.Send'], 'mailbox.none', 'mailbox.none'],
])('%s', (_, roles, mailReason, expected) => {
  expect(reasonOfUnprobed('send', roles, mail(mailReason))).toBe(expected);
});
