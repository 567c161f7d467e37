import {
  Button,
  Link,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { type ReactNode, useState } from 'react';
import type { MailboxScope, ScopeProof } from '../../../contract/mailbox-scope.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { useMailboxScope } from './use-mailbox-scope.ts';

interface Props {
  readonly proof: ScopeProof;
  readonly list: 'allow' | 'block';
  /** What to do about it. */
  readonly actions?: ReactNode;
}

const first = 5;

const useStyles = makeStyles({
  body: { display: 'grid', gap: tokens.spacingVerticalS },
  list: { display: 'grid', gap: tokens.spacingVerticalXXS, margin: 0, paddingInlineStart: tokens.spacingHorizontalXL },
  address: { color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
});

/** Mailboxes that open and should not: the loudest finding there is. */
export function LeakBar({ proof, list, actions }: Props) {
  const styles = useStyles();
  const { scope } = useTexts();
  const words = scope.leak;
  const [isAll, setAll] = useState(false);
  const { outside, leaks } = proof;
  const shown = isAll ? leaks : leaks.slice(0, first);
  return (
    <MessageBar intent="error" layout="multiline" politeness="assertive">
      <MessageBarBody className={styles.body}>
        <MessageBarTitle>{words.title[list](outside.reachable, outside.total)}</MessageBarTitle>
        <ul className={styles.list} aria-label={words.list}>
          {shown.map(({ id, displayName, address, why }) => (
            <li key={id}>
              {displayName} <span className={styles.address}>{address}</span>: {words.why[why]}
            </li>
          ))}
        </ul>
        {!isAll && leaks.length > first && (
          <Link as="button" onClick={() => setAll(true)}>
            {scope.showAll(leaks.length)}
          </Link>
        )}
      </MessageBarBody>
      {actions && <MessageBarActions>{actions}</MessageBarActions>}
    </MessageBar>
  );
}

/** The same finding for other pages; nothing while there is none. */
export function ScopeLeak({ onOpen }: { onOpen: () => void }) {
  const { overview, scope: words } = useTexts();
  const { data } = useMailboxScope();
  if (!data || !hasLeak(data)) return null;
  return (
    <LeakBar
      proof={data.proof}
      list={data.intent?.list ?? 'allow'}
      actions={
        <Button aria-label={`${overview.open}: ${words.section}`} onClick={onOpen}>
          {overview.open}
        </Button>
      }
    />
  );
}

export function hasLeak(scope: MailboxScope): scope is MailboxScope & { proof: ScopeProof } {
  return scope.proof?.verdict === 'leaks';
}
