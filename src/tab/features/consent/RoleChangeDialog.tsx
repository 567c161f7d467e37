import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components';
import { isOfDirectory, tierZeroPower } from '../../../domain/consent/permission-set.ts';
import type { GrantFailure } from '../../graph/app-role-grants.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { GrantFailureBar } from './GrantFailureBar.tsx';
import type { RoleChange } from './use-role-change.ts';

interface Props {
  readonly change: RoleChange;
  /** Users of every organization that uses the permission's feature: they share the application. */
  readonly userCount: number;
  readonly mayConsent: 'yes' | 'no' | 'unknown';
  readonly isPending: boolean;
  readonly failure: GrantFailure | undefined;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

const useStyles = makeStyles({
  content: { display: 'grid', gap: tokens.spacingVerticalL, paddingBottom: tokens.spacingVerticalS },
  part: { display: 'grid', gap: tokens.spacingVerticalXS },
  title: { overflowWrap: 'anywhere' },
  go: { whiteSpace: 'nowrap' },
});

/** What one permission more or less means, before Microsoft is asked. */
export function RoleChangeDialog({ change, userCount, mayConsent, isPending, failure, onConfirm, onCancel }: Props) {
  const styles = useStyles();
  const texts = useTexts();
  const { common, consent, features } = texts;
  const words = consent.roles;
  const { permission, capability } = change.row;
  const isGrant = change.verb === 'grant';
  const power = tierZeroPower(permission);
  const reads = consent.reads[permission];

  const effect = () => {
    if (capability) return (isGrant ? words.starts : words.stops)(texts.capability[capability], userCount);
    if (isOfDirectory(permission)) return isGrant ? words.directoryOn : words.directoryOff;
    return words.unused;
  };
  return (
    <Dialog open onOpenChange={(_, data) => data.open || onCancel()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle className={styles.title}>
            {isGrant ? words.grantTitle(permission) : words.removeTitle(permission)}
          </DialogTitle>
          <DialogContent className={styles.content}>
            {failure && <GrantFailureBar failure={failure} />}
            <div className={styles.part}>
              <Text weight="semibold">{words.changes}</Text>
              <Text>{isGrant ? words.granting : words.removing}</Text>
              {reads && <Text>{isGrant ? words.can(reads) : words.could(reads)}</Text>}
              {power && <Text>{words.sentence(consent.tierZeroPower[power])}</Text>}
              {isGrant && capability && <Text>{consent.before.scopeText}</Text>}
            </div>
            <div className={styles.part}>
              <Text weight="semibold">{words.features}</Text>
              <Text>{effect()}</Text>
              {!isGrant && capability && <Text>{features.without[capability]}</Text>}
            </div>
            <div className={styles.part}>
              <Text weight="semibold">{words.microsoft}</Text>
              <Text>{words.microsoftText}</Text>
            </div>
            <div className={styles.part}>
              <Text weight="semibold">{consent.before.who}</Text>
              <Text>{consent.before.whoText}</Text>
              {mayConsent === 'no' && (
                <MessageBar intent="warning">
                  <MessageBarBody>{consent.before.whoNot}</MessageBarBody>
                </MessageBar>
              )}
            </div>
          </DialogContent>
          <DialogActions>
            <Button className={styles.go} appearance="primary" disabledFocusable={isPending} onClick={onConfirm}>
              {isPending ? words.pending : isGrant ? words.grant : words.remove}
            </Button>
            <Button onClick={onCancel}>{common.cancel}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
