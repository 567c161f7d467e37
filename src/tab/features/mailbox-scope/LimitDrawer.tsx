import {
  Button,
  DrawerBody,
  DrawerFooter,
  DrawerHeader,
  DrawerHeaderTitle,
  makeStyles,
  OverlayDrawer,
  tokens,
} from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import { useState } from 'react';
import type { MailboxScope } from '../../../contract/mailbox-scope.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { CommandErrorBar } from '../../ui/CommandErrorBar.tsx';
import { useToast } from '../../ui/toast.tsx';
import { WhyOff } from '../../ui/WhyOff.tsx';
import { type LimitDraft, LimitFields } from './LimitFields.tsx';
import { PreviewView } from './PreviewView.tsx';
import { useScopePreview } from './use-scope-preview.ts';

interface Props {
  readonly open: boolean;
  /** What is intended so far. */
  readonly intent: MailboxScope['intent'];
  readonly onClose: () => void;
}

const useStyles = makeStyles({
  drawer: { width: '640px', maxWidth: '100vw' },
  body: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    alignContent: 'start',
    gap: tokens.spacingVerticalL,
    paddingBlockEnd: tokens.spacingVerticalXXL,
  },
  preview: { justifySelf: 'start' },
});

/** Chooses the mailboxes, shows what would change, and plans it. */
export function LimitDrawer({ open, intent, onClose }: Props) {
  const styles = useStyles();
  return (
    <OverlayDrawer
      className={styles.drawer}
      open={open}
      position="end"
      onOpenChange={(_, data) => data.open || onClose()}
    >
      <LimitForm intent={intent} onClose={onClose} />
    </OverlayDrawer>
  );
}

function LimitForm({ intent, onClose }: Omit<Props, 'open'>) {
  const styles = useStyles();
  const { common, scope } = useTexts();
  const words = scope.limit;
  const toast = useToast();
  const { preview, plan } = useScopePreview();
  const [draft, setDraft] = useState<LimitDraft>({
    mechanism: 'role_assignments',
    list: intent?.list ?? 'allow',
    groupId: undefined,
    includeNested: true,
  });
  const { groupId } = draft;
  const shown = preview.data;
  const why = whyNotPlanned();

  function whyNotPlanned(): string | undefined {
    if (!groupId) return words.whyNoGroup;
    if (!shown) return words.whyNoPreview;
    return shown.mayStart ? undefined : words.whyStopped;
  }
  const change = (next: LimitDraft) => {
    setDraft(next);
    // A preview belongs to exactly one choice.
    preview.reset();
    plan.reset();
  };
  const planIt = () => {
    if (why || !groupId || plan.isPending) return;
    const onSuccess = () => {
      toast(words.planned);
      onClose();
    };
    plan.mutate({ ...draft, groupId }, { onSuccess });
  };

  return (
    <>
      <DrawerHeader>
        <DrawerHeaderTitle
          action={<Button appearance="subtle" icon={<DismissRegular />} aria-label={common.close} onClick={onClose} />}
        >
          {words.title}
        </DrawerHeaderTitle>
      </DrawerHeader>
      <DrawerBody>
        <div className={styles.body}>
          <LimitFields draft={draft} onChange={change} />
          <Button
            className={styles.preview}
            appearance={shown ? 'secondary' : 'primary'}
            disabledFocusable={!groupId || preview.isPending}
            onClick={() => groupId && !preview.isPending && preview.mutate({ ...draft, groupId })}
          >
            {preview.isPending ? words.previewing : words.preview}
          </Button>
          <CommandErrorBar mutation={preview} />
          {shown && <PreviewView preview={shown} />}
          <CommandErrorBar mutation={plan} />
        </div>
      </DrawerBody>
      <DrawerFooter>
        <WhyOff reason={why}>
          <Button
            appearance={shown ? 'primary' : 'secondary'}
            disabledFocusable={Boolean(why) || plan.isPending}
            onClick={planIt}
          >
            {plan.isPending ? words.planning : words.plan}
          </Button>
        </WhyOff>
        <Button onClick={onClose}>{common.cancel}</Button>
      </DrawerFooter>
    </>
  );
}
