import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useTexts } from '../texts/texts-context.tsx';
import { ErrorBar } from './ErrorBar.tsx';

interface Props {
  readonly open: boolean;
  readonly title: string;
  readonly text: string;
  /** The verb on the button that does it. */
  readonly action: string;
  readonly isPending: boolean;
  /** Keeps the action from being taken yet. */
  readonly isIncomplete?: boolean;
  readonly error?: unknown;
  readonly children?: ReactNode;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

/** Asks before something happens that cannot be taken back at once. */
export function ConfirmDialog(props: Props) {
  const { open, title, text, action, isPending, isIncomplete = false, error, children, onConfirm, onCancel } = props;
  const { common } = useTexts();
  return (
    <Dialog open={open} onOpenChange={(_, data) => data.open || onCancel()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent>
            {Boolean(error) && <ErrorBar error={error} />}
            <p>{text}</p>
            {children}
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" disabledFocusable={isPending || isIncomplete} onClick={onConfirm}>
              {action}
            </Button>
            <Button onClick={onCancel}>{common.cancel}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
