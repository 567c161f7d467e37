import { Tooltip } from '@fluentui/react-components';
import { type ReactElement, useState } from 'react';

interface Props {
  /** Why the command is off; without one it is on. */
  readonly reason: string | undefined;
  readonly positioning?: 'above' | 'before';
  readonly children: ReactElement;
}

/** A command that tells why it is off. It stays the same element when it is switched, so that it keeps the focus. */
export function WhyOff({ reason, positioning = 'above', children }: Props) {
  const [isPointedAt, setPointedAt] = useState(false);
  return (
    <Tooltip
      content={reason ?? ''}
      relationship={reason ? 'description' : 'inaccessible'}
      visible={isPointedAt && Boolean(reason)}
      onVisibleChange={(_, { visible }) => setPointedAt(visible)}
      positioning={positioning}
      withArrow
    >
      {children}
    </Tooltip>
  );
}
