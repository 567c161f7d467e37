import {
  Button,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  makeStyles,
  OverlayDrawer,
  tokens,
} from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import type { CheckId } from '../../../domain/ids.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { QueryView } from '../../ui/QueryView.tsx';
import { CheckView } from './CheckView.tsx';
import { subjectOf } from './check-subject.ts';
import { useCheck } from './use-connectivity-check.ts';

interface Props {
  readonly checkId: CheckId;
  readonly isGrantedFor: (check: ConnectivityCheck) => boolean;
  /** Another check takes the place of this one. */
  readonly onOpen: (checkId: CheckId) => void;
  readonly onClose: () => void;
}

const useStyles = makeStyles({
  drawer: { width: '640px', maxWidth: '100vw' },
  title: { overflowWrap: 'anywhere' },
  body: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    alignContent: 'start',
    gap: tokens.spacingVerticalM,
    paddingBlock: `${tokens.spacingVerticalS} ${tokens.spacingVerticalXXL}`,
  },
});

/** Any check over the page, whoever started it. */
export function CheckDrawer({ checkId, isGrantedFor, onOpen, onClose }: Props) {
  const styles = useStyles();
  const texts = useTexts();
  const query = useCheck(checkId);
  return (
    <OverlayDrawer className={styles.drawer} open position="end" onOpenChange={(_, data) => data.open || onClose()}>
      <DrawerHeader>
        <DrawerHeaderTitle
          action={
            <Button appearance="subtle" icon={<DismissRegular />} aria-label={texts.common.close} onClick={onClose} />
          }
        >
          <span className={styles.title}>{query.data ? subjectOf(query.data, texts) : texts.check.section}</span>
        </DrawerHeaderTitle>
      </DrawerHeader>
      <DrawerBody>
        <div className={styles.body}>
          <QueryView query={query}>
            {(check) => (
              <CheckView
                key={check.id}
                check={check}
                isNamed
                isGranted={isGrantedFor(check)}
                onRetried={({ id }) => onOpen(id)}
              />
            )}
          </QueryView>
        </div>
      </DrawerBody>
    </OverlayDrawer>
  );
}
