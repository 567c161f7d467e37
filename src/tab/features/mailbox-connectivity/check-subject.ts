import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import type { Texts } from '../../texts/en.ts';

/** Whose mailboxes a check covers, in words. */
export function subjectOf(check: ConnectivityCheck, { check: words }: Texts): string {
  const name = check.organizationName ?? words.unknownOrganization;
  switch (check.scope) {
    case 'organization':
      return words.covers.organization(name);
    case 'tenant':
      return words.covers.tenant;
    case 'selection':
      return words.covers.selection(check.total);
    case 'group':
      return words.covers.group(check.groupName ?? words.unknownGroup);
    case 'retry':
      return words.covers.retry(check.total);
    case 'ring':
      return words.covers.ring(name);
  }
}
