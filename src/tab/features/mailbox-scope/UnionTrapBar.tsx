import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import type { MailboxScope } from '../../../contract/mailbox-scope.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { useNameList } from './use-name-list.ts';

/** A tenant-wide grant beside a scoped role limits nothing: while a change is on its way to remove it, and without one. */
export function UnionTrapBar({ scope }: { scope: MailboxScope }) {
  const { union: words } = useTexts().scope;
  const nameList = useNameList();
  if (!isUnionTrap(scope)) return null;
  const isOnItsWay = scope.change?.state === 'open';
  return (
    <MessageBar intent={isOnItsWay ? 'warning' : 'error'}>
      <MessageBarBody>
        <MessageBarTitle>{isOnItsWay ? words.notYet : words.title}</MessageBarTitle>
        {words.text(nameList(scope.tenantWideGrants.map(({ permission }) => permission)))}{' '}
        {isOnItsWay ? words.nextOpen : words.next}
      </MessageBarBody>
    </MessageBar>
  );
}

/** Policies confine tenant-wide grants; roles do not. */
function isUnionTrap({ intent, problems, reach, tenantWideGrants }: MailboxScope): boolean {
  if (!intent || tenantWideGrants.length === 0) return false;
  const isEverybody = reach !== null && reach.reachable >= reach.mailboxes;
  return (
    problems.some(({ problem }) => problem === 'union_trap') || (intent.mechanism === 'role_assignments' && isEverybody)
  );
}
