import { activityWords } from '../../../contract/report-words.ts';
import type { Amounts } from './amounts.ts';

export function activity({ n }: Amounts) {
  return {
    application: (name: string, clientId: string) =>
      `Application registration: ${[name || 'the service’s own', clientId].filter(Boolean).join(' · ')}`,
    title: 'Activity',
    columns: { when: 'When', what: 'What', who: 'Who', organization: 'Organization' },
    service: 'Mailbox Access',
    emptyTitle: 'Nothing has happened yet',
    emptyText: 'Every change to organizations, users, consent and checks will be listed here.',
    more: 'Show older',
    outcome: {
      accepted: 'accepted',
      declined: 'cancelled',
      not_an_admin: 'not an admin',
      wrong_tenant: 'another directory',
      misconfigured: 'refused',
      failed: 'failed',
      no_answer: 'window closed',
      used: 'it came a second time',
      expired: 'it came too late',
    } as Readonly<Record<string, string>>,
    forced: 'forced',
    consentWithdrawn: 'consent was withdrawn',
    ringOverLimit: 'too many mailboxes of the ring failed',
    listedApplications: (count: number) => `${n(count)} ${count === 1 ? 'application' : 'applications'} in the list`,
    leaks: (leaks: number, tried: number) => `${n(leaks)} of ${n(tried)} mailboxes outside the group are readable`,
    scopeTrial: 'tried without changing anything',
    scopeMechanism: {
      role_assignments: 'RBAC for Applications',
      application_access_policy: 'application access policy',
    } as Readonly<Record<string, string>>,
    scopeStep: {
      make: 'set the limit',
      remove_assignments: 'remove older assignments',
      remove_policies: 'remove policies',
      undo: 'undo',
    } as Readonly<Record<string, string>>,
    type: activityWords,
  };
}
