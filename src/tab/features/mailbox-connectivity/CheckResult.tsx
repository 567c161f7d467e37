import {
  Link,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components';
import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import type { AccessStatus } from '../../../domain/mailbox-access/verdict.ts';
import { useFormat, useTexts } from '../../texts/texts-context.tsx';
import { CauseList } from '../../ui/CauseList.tsx';
import { IconLabel } from '../../ui/IconLabel.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { StatusSplit } from '../../ui/StatusSplit.tsx';
import { statusAppearance } from '../../ui/status-appearance.ts';

interface Props {
  readonly check: ConnectivityCheck;
  readonly hrefOf: (status: AccessStatus | undefined) => string;
  readonly onOpen: (status: AccessStatus | undefined) => void;
}

const useStyles = makeStyles({
  head: { display: 'flex', flexWrap: 'wrap', justifyContent: 'space-between', gap: tokens.spacingHorizontalM },
  success: { display: 'grid', gap: tokens.spacingVerticalXXS },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** What the last check found. */
export function CheckResult({ check, hrefOf, onOpen }: Props) {
  const styles = useStyles();
  const texts = useTexts();
  const words = texts.check;
  const format = useFormat();
  const { state, counts, total, startedBy, startedAt, finishedAt, createdAt } = check;
  const isAllWorking = state === 'completed' && total > 0 && counts.working === total;
  const seconds = startedAt && finishedAt ? (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000 : undefined;

  return (
    <>
      {state === 'failed' && (
        <MessageBar intent="error">
          <MessageBarBody>
            <MessageBarTitle>{words.title.failed}</MessageBarTitle>
            {words.failed}
          </MessageBarBody>
        </MessageBar>
      )}
      {state === 'cancelled' && (
        <Text>
          {words.title.cancelled}. {words.cancelled}
        </Text>
      )}
      <div className={styles.head}>
        {isAllWorking ? (
          <div className={styles.success}>
            <Text weight="semibold">
              <IconLabel {...statusAppearance.working}>{words.success}</IconLabel>
            </Text>
            <Text>{words.connected}</Text>
          </div>
        ) : (
          <Text weight="semibold">{words.resultOf(counts.working, total)}</Text>
        )}
        <Text className={styles.quiet}>
          {words.by(startedBy.displayName)} · <Moment at={finishedAt ?? createdAt} />
          {seconds !== undefined && seconds >= 1 && ` · ${words.took(format.duration(seconds))}`}
        </Text>
      </div>
      <StatusSplit counts={counts} total={total} hrefOf={hrefOf} onOpen={onOpen} />
      <Text className={styles.quiet}>
        {check.changesConnection ? words.switched(check.switched) : words.changedNothing}{' '}
        <Link
          href={hrefOf(undefined)}
          onClick={(event) => {
            event.preventDefault();
            onOpen(undefined);
          }}
        >
          {words.showAll}
        </Link>
      </Text>
      {check.causes.length > 0 && (
        <CauseList label={words.causes} causes={check.causes} hrefOf={hrefOf} onOpen={onOpen} />
      )}
    </>
  );
}
