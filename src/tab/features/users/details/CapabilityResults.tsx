import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { reasonWords } from '../../../../contract/reasons.ts';
import type { UserDetails } from '../../../../contract/users.ts';
import { outcomeOfReason } from '../../../../domain/mailbox-access/reason.ts';
import type { AccessStatus } from '../../../../domain/mailbox-access/verdict.ts';
import { useTexts } from '../../../texts/texts-context.tsx';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { IconLabel } from '../../../ui/IconLabel.tsx';
import { statusAppearance } from '../../../ui/status-appearance.ts';

type Result = UserDetails['capabilities'][number];

const looksOf = {
  connected: 'working',
  denied: 'blocked',
  ineligible: 'blocked',
  inconclusive: 'could_not_tell',
  unproven: 'not_checked',
} as const satisfies Record<string, AccessStatus>;

const useStyles = makeStyles({
  root: { display: 'grid', margin: 0, padding: 0, listStyleType: 'none' },
  item: {
    display: 'grid',
    gridTemplateColumns: '128px minmax(0, 1fr) auto',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    minHeight: '44px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** What the live call said for each feature, with Microsoft's own words for its support. */
export function CapabilityResults({ results }: { results: readonly Result[] }) {
  const styles = useStyles();
  const { capability: names, users } = useTexts();
  if (results.length === 0) return <Text className={styles.quiet}>{users.details.noCapabilities}</Text>;
  return (
    <ul className={styles.root}>
      {results.map((result) => {
        const technical = technicalOf(result);
        return (
          <li key={result.capability} className={styles.item}>
            <Text>{names[result.capability]}</Text>
            <IconLabel {...statusAppearance[looksOf[outcomeOfReason[result.reason]]]}>
              {reasonWords[result.reason].title}
            </IconLabel>
            {technical ? <CopyButton text={technical} label={`${users.details.technical}: ${technical}`} /> : <span />}
          </li>
        );
      })}
    </ul>
  );
}

function technicalOf({ httpStatus, errorCode, requestId }: Result): string {
  return [httpStatus && `HTTP ${httpStatus}`, errorCode, requestId].filter(Boolean).join(' · ');
}
