import { makeStyles, Text, tokens } from '@fluentui/react-components';
import type { MailboxAccess } from '../../../../contract/mailbox-scope.ts';
import { reasonWords } from '../../../../contract/reasons.ts';
import type { UserDetails } from '../../../../contract/users.ts';
import { capabilities } from '../../../../domain/mailbox-access/capability.ts';
import { outcomeOfReason } from '../../../../domain/mailbox-access/reason.ts';
import type { AccessStatus } from '../../../../domain/mailbox-access/verdict.ts';
import { useTexts } from '../../../texts/texts-context.tsx';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { IconLabel } from '../../../ui/IconLabel.tsx';
import { statusAppearance } from '../../../ui/status-appearance.ts';
import { CapabilityPaths } from './CapabilityPaths.tsx';

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
    alignItems: 'baseline',
    gap: tokens.spacingHorizontalM,
    minHeight: '44px',
    paddingBlock: tokens.spacingVerticalXS,
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  said: { display: 'grid', gap: tokens.spacingVerticalXXS, minWidth: 0 },
  quiet: { color: tokens.colorNeutralForeground2 },
});

interface Props {
  readonly results: readonly Result[];
  /** What the access rule says of each feature, once it is known. */
  readonly access: MailboxAccess['capabilities'];
}

/** What the live call said for each feature, with Microsoft's own words for its support, and what the rule says. */
export function CapabilityResults({ results, access }: Props) {
  const styles = useStyles();
  const { capability: names, status, users } = useTexts();
  const shown = capabilities.filter((name) => [...results, ...access].some(({ capability }) => capability === name));
  if (shown.length === 0) return <Text className={styles.quiet}>{users.details.noCapabilities}</Text>;
  return (
    <ul className={styles.root}>
      {shown.map((name) => {
        const result = results.find(({ capability }) => capability === name);
        const rule = access.find(({ capability }) => capability === name);
        const technical = result && technicalOf(result);
        return (
          <li key={name} className={styles.item}>
            <Text>{names[name]}</Text>
            <div className={styles.said}>
              <IconLabel {...statusAppearance[result ? looksOf[outcomeOfReason[result.reason]] : 'not_checked']}>
                {result ? reasonWords[result.reason].title : status.not_checked}
              </IconLabel>
              {rule && <CapabilityPaths access={rule} />}
            </div>
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
