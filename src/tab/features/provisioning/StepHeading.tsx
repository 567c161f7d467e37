import { Text } from '@fluentui/react-components';
import { type ReactNode, useEffect, useRef } from 'react';
import { useStepStyles } from './step-styles.ts';

/** Says which step it is; the focus comes here, because the button that led here is gone. */
export function StepHeading({ children }: { readonly children: ReactNode }) {
  const styles = useStepStyles();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <Text as="h3" size={400} weight="semibold" tabIndex={-1} ref={heading} className={styles.heading}>
      {children}
    </Text>
  );
}
