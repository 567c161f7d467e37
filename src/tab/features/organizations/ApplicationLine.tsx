import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles, Text, tokens } from '@fluentui/react-components';
import type { Organization } from '../../../contract/organizations.ts';
import { useTexts } from '../../texts/texts-context.tsx';

const useStyles = makeStyles({ quiet: { color: tokens.colorNeutralForeground2 } });

/** Which application a page speaks of, where it is not the service's own one. */
export function ApplicationLine({ organization }: { organization: Organization }) {
  const styles = useStyles();
  const { organizations: words } = useTexts();
  const { registration, clientId } = organization;
  if (registration === null) return null;
  if (clientId === null) return <NotConfiguredBar organization={organization} />;
  return <Text className={styles.quiet}>{words.usesRegistration(registration, clientId)}</Text>;
}

/** Of an organization whose application the service cannot act as any more: why, and what helps. */
export function NotConfiguredBar({ organization: { registration, clientId } }: { organization: Organization }) {
  const { organizations: words } = useTexts();
  if (registration === null || clientId !== null) return null;
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{words.notConfiguredTitle(registration)}</MessageBarTitle>
        {words.notConfiguredText}
      </MessageBarBody>
    </MessageBar>
  );
}
