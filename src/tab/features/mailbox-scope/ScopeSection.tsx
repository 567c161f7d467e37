import { Button, makeStyles, Text, Tooltip, tokens, useRestoreFocusTarget } from '@fluentui/react-components';
import { type ReactElement, useState } from 'react';
import type { MailboxScope } from '../../../contract/mailbox-scope.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { CommandErrorBar } from '../../ui/CommandErrorBar.tsx';
import { QueryView } from '../../ui/QueryView.tsx';
import { Section } from '../../ui/Section.tsx';
import type { TenantWideGrant } from './GrantsStep.tsx';
import { LimitDrawer } from './LimitDrawer.tsx';
import { ScopeState } from './ScopeState.tsx';
import { useMailboxScope, useScopeCommands } from './use-mailbox-scope.ts';

interface Props {
  /**
   * Removes tenant-wide grants in Entra as the signed-in admin, from a click. Rejects with what kept it from being
   * done. Where it is absent, the admin is told how to do it by hand.
   */
  readonly onRemoveGrants?: (grants: readonly TenantWideGrant[]) => Promise<void>;
}

const useStyles = makeStyles({
  root: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalM },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** Which mailboxes the application can open, which it should, and the way from one to the other. */
export function ScopeSection({ onRemoveGrants }: Props) {
  const styles = useStyles();
  const { scope: words } = useTexts();
  const query = useMailboxScope();
  const { migrate } = useScopeCommands();
  const [isLimiting, setLimiting] = useState(false);
  return (
    <Section
      title={words.section}
      anchor="scope"
      actions={
        query.data && (
          <Actions
            scope={query.data}
            isMigrating={migrate.isPending}
            onLimit={() => setLimiting(true)}
            onMigrate={() => migrate.mutate()}
          />
        )
      }
    >
      <div className={styles.root}>
        <Text className={styles.quiet}>{words.note}</Text>
        <CommandErrorBar mutation={migrate} />
        <QueryView query={query}>{(scope) => <ScopeState scope={scope} onRemoveGrants={onRemoveGrants} />}</QueryView>
      </div>
      <LimitDrawer open={isLimiting} intent={query.data?.intent ?? null} onClose={() => setLimiting(false)} />
    </Section>
  );
}

interface ActionsProps {
  readonly scope: MailboxScope;
  readonly isMigrating: boolean;
  readonly onLimit: () => void;
  readonly onMigrate: () => void;
}

function Actions({ scope: { change, enforced, intent }, isMigrating, onLimit, onMigrate }: ActionsProps) {
  const { actions: words } = useTexts().scope;
  const focusTarget = useRestoreFocusTarget();
  const isOpen = change?.state === 'open';
  const hasPolicies = (enforced?.policies.length ?? 0) > 0;
  const explain = (button: ReactElement) =>
    isOpen ? (
      <Tooltip content={words.changeOpen} relationship="description" withArrow>
        {button}
      </Tooltip>
    ) : (
      button
    );
  return (
    <>
      {hasPolicies &&
        explain(
          <Button disabledFocusable={isOpen || isMigrating} onClick={onMigrate}>
            {words.migrate}
          </Button>,
        )}
      {explain(
        <Button
          appearance={intent ? 'secondary' : 'primary'}
          {...focusTarget}
          disabledFocusable={isOpen}
          onClick={onLimit}
        >
          {intent ? words.change : words.limit}
        </Button>,
      )}
    </>
  );
}
