import { makeStyles, Text, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { MailboxAccess } from '../../../../contract/mailbox-scope.ts';
import { useTexts } from '../../../texts/texts-context.tsx';
import { Moment } from '../../../ui/Moment.tsx';
import { AccessSteps } from './AccessSteps.tsx';

interface Props {
  readonly access: MailboxAccess;
  /** The way to where Exchange is read. */
  readonly readLink: ReactNode;
}

const useStyles = makeStyles({
  root: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalS },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** The four steps in which access is decided, so that the reason can be seen. */
export function AccessPath({ access: { intended, steps, enforcedReadAt }, readLink }: Props) {
  const styles = useStyles();
  const { access: words } = useTexts();
  return (
    <div className={styles.root}>
      <AccessSteps steps={steps} />
      <Text className={styles.quiet}>
        {words.intended[intended]}{' '}
        {enforcedReadAt ? (
          <>
            {words.read} <Moment at={enforcedReadAt} />.
          </>
        ) : (
          <>
            {words.neverRead} {readLink}
          </>
        )}
      </Text>
    </div>
  );
}
