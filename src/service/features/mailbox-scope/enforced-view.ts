import type { MailboxScope } from '../../../contract/mailbox-scope.ts';
import type { ServicePrincipalId } from '../../../domain/ids.ts';
import { readScope } from '../../../domain/mailbox-access/configured-access.ts';
import type {
  ExchangeAssignment,
  ExchangeConfiguration,
} from '../../../domain/mailbox-access/exchange-configuration.ts';
import { pointerOf } from '../../../domain/mailbox-scope/planned-limit.ts';
import type { Reading } from './readings.store.ts';

type Enforced = NonNullable<MailboxScope['enforced']>;

/** What Exchange enforces, in words of Exchange, for an admin to compare with what is meant. */
export function describeEnforced(
  { readAt, source, configuration }: Reading,
  servicePrincipalId: ServicePrincipalId | undefined,
): Enforced {
  const pointer = pointerOf({ configuration, servicePrincipalId });
  return {
    readAt: readAt.toISOString(),
    source,
    servicePrincipal: pointer === 'unknown' ? 'absent' : pointer,
    policies: configuration.policies.map(({ accessRight, scopeName, description }) => ({
      accessRight,
      groupName: scopeName,
      description,
    })),
    assignments: configuration.assignments.map((assignment) => describeAssignment(assignment, configuration)),
  };
}

function describeAssignment(
  assignment: ExchangeAssignment,
  configuration: ExchangeConfiguration,
): Enforced['assignments'][number] {
  const { name, role, scope } = assignment;
  const read = readScope(scope, configuration);
  const groupIds = read.kind === 'direct_members' ? read.groupIds : [];
  const groupNames = groupIds.map((id) => configuration.groups.find((group) => group.id === id)?.displayName ?? id);
  return { name, role, scope: nameOfScope(scope), covers: coverOf(read), groupNames };
}

function coverOf(scope: ReturnType<typeof readScope>): Enforced['assignments'][number]['covers'] {
  switch (scope.kind) {
    case 'organization':
      return 'organization';
    case 'direct_members':
      return scope.covers;
    case 'administrative_unit':
    case 'other_filter':
      return 'not_understood';
  }
}

function nameOfScope(scope: ExchangeAssignment['scope']): string {
  switch (scope.kind) {
    case 'organization':
      return 'Organization';
    case 'management_scope':
      return scope.name;
    case 'group':
      return scope.groupId;
    case 'administrative_unit':
      return scope.id;
    case 'unknown':
      return scope.text;
  }
}
