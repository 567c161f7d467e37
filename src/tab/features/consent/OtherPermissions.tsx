import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import type { Consent } from '../../../contract/consent.ts';
import { graphAppId } from '../../../domain/consent/app-role.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { GrantFailureBar } from './GrantFailureBar.tsx';
import type { useRoleChange } from './use-role-change.ts';

interface Props {
  readonly roles: ReturnType<typeof useRoleChange>;
  readonly evidence: Consent['evidence'];
}

const useStyles = makeStyles({
  root: { display: 'grid', justifyItems: 'start', gap: tokens.spacingVerticalS },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** What the service cannot see: permissions of other APIs, which the admin's own account can list. */
export function OtherPermissions({ roles, evidence }: Props) {
  const styles = useStyles();
  const { roles: words } = useTexts().consent;
  if (!roles.isOffered) return <Text className={styles.quiet}>{words.notOffered}</Text>;
  if (evidence === 'assignments') return null;
  const others = roles.listed?.filter(({ resourceAppId }) => resourceAppId !== graphAppId);
  return (
    <div className={styles.root}>
      {roles.listFailure && <GrantFailureBar failure={roles.listFailure} />}
      <Text className={styles.quiet} role="status">
        {others ? words.listed(others.length) : words.listIntro}
      </Text>
      {!others && (
        <Button size="small" disabledFocusable={roles.isListing} onClick={roles.list}>
          {roles.isListing ? words.listing : words.list}
        </Button>
      )}
    </div>
  );
}
