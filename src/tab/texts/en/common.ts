import type { FixedBy } from '../../../contract/reasons.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import type { Amounts } from './amounts.ts';

export function common({ people, mailboxes }: Amounts) {
  return {
    tryAgain: 'Try again',
    checkAgain: 'Check again',
    cancel: 'Cancel',
    close: 'Close',
    save: 'Save',
    saving: 'Saving…',
    copy: 'Copy',
    copied: 'Copied',
    requestId: 'Request id',
    technicalDetails: 'Technical details',
    copyTechnicalDetails: 'Copy technical details',
    never: 'Never',
    none: 'None',
    stillLoading: 'Still loading. The service has not answered yet.',
    staleSince: (age: string) => `Showing what was known ${age}.`,
    columns: 'Columns',
    yes: 'Yes',
    no: 'No',
    utc: (instant: string) => `${instant} UTC`,
    people,
    mailboxes,
  };
}

export const capability = {
  mail: 'Mail',
  send: 'Send mail',
  calendar: 'Calendar',
  contacts: 'Contacts',
  settings: 'Mailbox settings',
} satisfies Record<Capability, string>;

export const fixedBy = {
  exchange_admin: 'Exchange administrator',
  consent_admin: 'Global or Privileged Role Administrator',
  licence_admin: 'User or License Administrator',
  operator: 'Operator of this service',
  microsoft: 'Microsoft',
  nobody: 'Nobody: it passes by itself',
} satisfies Record<FixedBy, string>;
