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
import { permissionSet } from '../../../domain/consent/permission-set.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import { useConfiguration } from '../../configuration-context.ts';
import { useShownApplication } from '../../shown-application.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';

interface Props {
  readonly open: boolean;
  readonly mayConsent: 'yes' | 'no' | 'unknown';
  readonly capabilities: readonly Capability[];
  /** Mailboxes of the tenant, as far as they are counted. */
  readonly mailboxes: number | undefined;
  /** The group that the application is limited to by roles in Exchange, which the consent would undo. */
  readonly limitedTo: string | undefined;
  readonly onGo: () => void;
  readonly onCancel: () => void;
}

const useStyles = makeStyles({
  content: { display: 'grid', gap: tokens.spacingVerticalL },
  part: { display: 'grid', gap: tokens.spacingVerticalXS },
  permissions: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL },
  go: { whiteSpace: 'nowrap' },
  mono: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere' },
  application: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalXS },
});

/** What opens, who may accept, what changes: so that the admin can compare it with what Microsoft shows. */
export function BeforeConsentDialog({ open, mayConsent, capabilities, mailboxes, limitedTo, ...on }: Props) {
  const { onGo, onCancel } = on;
  const styles = useStyles();
  const { consent, common } = useTexts();
  const { authority } = useConfiguration();
  const { clientId, registration } = useShownApplication();
  const words = consent.before;
  const permissions = permissionSet(capabilities);
  return (
    <Dialog open={open} onOpenChange={(_, data) => data.open || onCancel()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{words.title}</DialogTitle>
          <DialogContent className={styles.content}>
            <div className={styles.part}>
              <Text weight="semibold">{words.opens}</Text>
              <Text>{words.opensText(new URL(authority).host)}</Text>
            </div>
            <div className={styles.part}>
              <Text weight="semibold">{words.who}</Text>
              <Text>{words.whoText}</Text>
              {mayConsent === 'no' && (
                <MessageBar intent="warning">
                  <MessageBarBody>{words.whoNot}</MessageBarBody>
                </MessageBar>
              )}
            </div>
            <div className={styles.part}>
              <Text weight="semibold">{words.changes}</Text>
              <Text>{words.changesText}</Text>
              <ul className={styles.permissions}>
                {permissions.map((permission) => (
                  <li key={permission}>
                    <span className={styles.mono}>{permission}</span>: {consent.reads[permission]}
                  </li>
                ))}
              </ul>
              <Text>{mailboxes ? words.scopeCount(mailboxes) : words.scopeText}</Text>
              {limitedTo && (
                <MessageBar intent="error" layout="multiline">
                  <MessageBarBody>{words.undoesLimit(limitedTo)}</MessageBarBody>
                </MessageBar>
              )}
              <Text>{words.promise}</Text>
            </div>
            <div className={styles.part}>
              <Text weight="semibold">{words.application}</Text>
              <span className={styles.application}>
                {registration && <Text>{registration}</Text>}
                {clientId && <span className={styles.mono}>{clientId}</span>}
                {clientId && <CopyButton text={clientId} label={common.copy} />}
              </span>
            </div>
          </DialogContent>
          <DialogActions>
            <Button className={styles.go} appearance="primary" onClick={onGo}>
              {words.go}
            </Button>
            <Button onClick={onCancel}>{common.cancel}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
