import {
  Button,
  Link,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components';
import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import { useFormat, useTexts } from '../../texts/texts-context.tsx';
import { CauseList } from '../../ui/CauseList.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import { IconLabel } from '../../ui/IconLabel.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { StatusSplit } from '../../ui/StatusSplit.tsx';
import { statusAppearance } from '../../ui/status-appearance.ts';
import { CheckChanges } from './CheckChanges.tsx';
import type { CheckLinks } from './check-links.ts';
import { ReportButton } from './ReportButton.tsx';
import { useRetryCheck } from './use-check-commands.ts';

interface Props {
  readonly check: ConnectivityCheck;
  readonly links: CheckLinks | undefined;
  /** The mailboxes that could not be told are being checked again. */
  readonly onRetried?: ((check: ConnectivityCheck) => void) | undefined;
}

const useStyles = makeStyles({
  head: { display: 'flex', flexWrap: 'wrap', justifyContent: 'space-between', gap: tokens.spacingHorizontalM },
  success: { display: 'grid', gap: tokens.spacingVerticalXXS },
  quiet: { color: tokens.colorNeutralForeground2 },
  action: { justifySelf: 'start' },
});

/** What an ended check found: first what changed, then what is there. */
export function CheckResult({ check, links, onRetried }: Props) {
  const styles = useStyles();
  const texts = useTexts();
  const words = texts.check;
  const format = useFormat();
  const retry = useRetryCheck();
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
      {/* Where a check stopped early, what it did not reach would look like a change. */}
      {state === 'completed' && <CheckChanges check={check} />}
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
      <StatusSplit counts={counts} total={total} {...links} />
      <Text className={styles.quiet}>
        {check.changesConnection ? words.switched(check.switched) : words.changedNothing}
        {check.kept > 0 && ` · ${words.kept(check.kept)}`}{' '}
        {links && (
          <Link
            href={links.hrefOf(undefined)}
            onClick={(event) => {
              event.preventDefault();
              links.onOpen(undefined);
            }}
          >
            {words.showAll}
          </Link>
        )}
      </Text>
      {check.rescheduledUntil && (
        <Text>
          {words.rescheduled} <Moment at={check.rescheduledUntil} as="dateTime" />.
        </Text>
      )}
      {counts.could_not_tell > 0 && (
        <Button
          className={styles.action}
          disabledFocusable={retry.isPending}
          onClick={() =>
            !retry.isPending && retry.mutate(check, { onSuccess: (started) => onRetried?.(started.check) })
          }
        >
          {words.retry(counts.could_not_tell)}
        </Button>
      )}
      {retry.error && <ErrorBar error={retry.error} />}
      {check.causes.length > 0 && <CauseList label={words.causes} causes={check.causes} {...links} />}
      <ReportButton checkId={check.id} />
    </>
  );
}
