import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { reasonWords } from '../../../../contract/reasons.ts';
import type { User } from '../../../../contract/users.ts';
import type { Texts } from '../../../texts/en.ts';
import { useTexts } from '../../../texts/texts-context.tsx';
import { FactList } from '../../../ui/FactList.tsx';
import { IconLabel } from '../../../ui/IconLabel.tsx';
import { Moment } from '../../../ui/Moment.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { StatusLabel } from '../../../ui/StatusLabel.tsx';
import { statusAppearance } from '../../../ui/status-appearance.ts';

const useStyles = makeStyles({
  verdict: { fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
  todo: { display: 'grid', gap: tokens.spacingVerticalXXS },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** The verdict as a sentence, the guide's two lines, and what to do. */
export function VerdictPanel({ user }: { user: User }) {
  const styles = useStyles();
  const texts = useTexts();
  const words = texts.users.details;
  const { status, reason, checkedAt, rescheduledUntil } = user.access;
  const remedy = remedyOf(user, texts);
  const isWorking = status === 'working';
  // What a live call says has its own words; an open mailbox that should be closed is nobody's success.
  const isByReason = status !== 'exposed' && status !== 'waiting';

  return (
    <Panel>
      <Text className={styles.verdict} weight="semibold" as="p">
        {sentenceOf(user, texts)}
      </Text>
      <FactList
        facts={[
          {
            name: words.status,
            value: isWorking ? (
              <IconLabel {...statusAppearance.working}>{words.success}</IconLabel>
            ) : (
              <StatusLabel status={status} />
            ),
          },
          { name: words.checkResults, value: reason ? reasonWords[reason].title : texts.status.not_checked },
        ]}
      />
      {remedy && (
        <div className={styles.todo}>
          <Text weight="semibold">{words.whatToDo}</Text>
          <Text>{remedy}</Text>
          {reason && isByReason && (
            <Text className={styles.quiet}>{texts.overview.fixedBy(texts.fixedBy[reasonWords[reason].fixedBy])}</Text>
          )}
        </div>
      )}
      {rescheduledUntil && (
        <Text>
          {words.rescheduled} <Moment at={rescheduledUntil} as="dateTime" />.
        </Text>
      )}
      {checkedAt && (
        <Text size={200} className={styles.quiet}>
          {texts.users.columns.lastCheck}: <Moment at={checkedAt} />
        </Text>
      )}
    </Panel>
  );
}

function sentenceOf({ access: { status, reason }, displayName }: User, { access, users }: Texts): string {
  const because = reason ? reasonWords[reason].title : '';
  return users.details.sentence[status](displayName, status === 'exposed' ? access.exposedBecause : because);
}

/** What to do: by the status where the status says more than the reason, such as an open mailbox outside the limit. */
function remedyOf({ access: { status, reason } }: User, { access, users }: Texts): string | undefined {
  if (status === 'working') return undefined;
  if (status === 'exposed' || status === 'waiting') return access.remedy[status];
  return reason ? reasonWords[reason].remedy : users.details.notCheckedRemedy;
}
