import { Button, useRestoreFocusTarget } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';
import { WhyOff } from './WhyOff.tsx';

interface Props {
  readonly icon: ReactElement;
  /** Why it is off. */
  readonly reason: string | undefined;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/** A command for what is selected. What it opens gives the focus back to it. */
export function CommandButton({ icon, reason, onClick, children }: Props) {
  const focusTarget = useRestoreFocusTarget();
  return (
    <WhyOff reason={reason}>
      <Button
        {...focusTarget}
        appearance="subtle"
        size="small"
        icon={icon}
        disabledFocusable={Boolean(reason)}
        onClick={onClick}
      >
        {children}
      </Button>
    </WhyOff>
  );
}
