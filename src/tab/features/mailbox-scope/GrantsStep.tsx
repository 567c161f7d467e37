import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import type { ScopeChange } from '../../../contract/mailbox-scope.ts';
import { SignInFailure } from '../../auth/sign-in-failure.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { CommandErrorBar } from '../../ui/CommandErrorBar.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useScopeChange } from './use-scope-change.ts';

export type TenantWideGrant = ScopeChange['grantsToRemove'][number];

interface Props {
  readonly change: ScopeChange;
  readonly isReadable: boolean;
  readonly onRemoveGrants?: ((grants: readonly TenantWideGrant[]) => Promise<void>) | undefined;
}

const useStyles = makeStyles({
  root: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalS },
  list: { display: 'grid', gap: tokens.spacingVerticalXXS, margin: 0, paddingInlineStart: tokens.spacingHorizontalXL },
  mono: { fontFamily: tokens.fontFamilyMonospace, overflowWrap: 'anywhere' },
  line: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** The grants in Entra that make the limit without effect: removed here as the admin, or by hand. */
export function GrantsStep({ change, isReadable, onRemoveGrants }: Props) {
  const styles = useStyles();
  const { grants: words } = useTexts().scope.change;
  const toast = useToast();
  const { advance } = useScopeChange(change.id);
  const remove = useMutation({
    mutationFn: async () => onRemoveGrants?.(change.grantsToRemove),
    onSuccess: () => toast(words.removed),
    // Some may be gone even when others failed.
    onSettled: () => advance.mutate(),
  });
  const isBusy = remove.isPending || advance.isPending;

  return (
    <div className={styles.root}>
      <Text>{isReadable ? words.text : words.notReadable}</Text>
      {change.grantsToRemove.length > 0 && (
        <ul className={styles.list}>
          {change.grantsToRemove.map(({ permission, resource }) => (
            <li key={`${resource} ${permission}`}>
              <span className={styles.mono}>{permission}</span>{' '}
              <span className={styles.quiet}>{resource === 'graph' ? 'Microsoft Graph' : 'Exchange Online'}</span>
            </li>
          ))}
        </ul>
      )}
      {remove.error && <NotRemovedBar error={remove.error} onTryAgain={() => remove.mutate()} />}
      <CommandErrorBar mutation={advance} />
      <div className={styles.line}>
        {onRemoveGrants && isReadable && (
          <Button appearance="primary" disabledFocusable={isBusy} onClick={() => remove.mutate()}>
            {remove.isPending ? words.removing : words.remove}
          </Button>
        )}
        <Button disabledFocusable={isBusy} onClick={() => advance.mutate()}>
          {words.again}
        </Button>
      </div>
      <Text className={styles.quiet}>{words.byHand}</Text>
    </div>
  );
}

function NotRemovedBar({ error, onTryAgain }: { error: unknown; onTryAgain: () => void }) {
  const { common, scope, signIn } = useTexts();
  const { failed, failedRemedy } = scope.change.grants;
  const technical = error instanceof Error ? error.message : '';
  return (
    <MessageBar intent="error">
      <MessageBarBody>
        <MessageBarTitle>{failed}</MessageBarTitle>
        {error instanceof SignInFailure ? signIn.failures[error.kind].next : failedRemedy}{' '}
        {technical && <CopyButton text={technical} label={common.copyTechnicalDetails} />}
      </MessageBarBody>
      <MessageBarActions>
        <Button onClick={onTryAgain}>{common.tryAgain}</Button>
      </MessageBarActions>
    </MessageBar>
  );
}
