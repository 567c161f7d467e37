import {
  Button,
  makeStyles,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  tokens,
} from '@fluentui/react-components';
import { HistoryRegular } from '@fluentui/react-icons/svg/history';
import type { ReactNode } from 'react';
import type { CommandRunId } from '../../../domain/ids.ts';
import { useFormat, useTexts } from '../../texts/texts-context.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { QueryView } from '../../ui/QueryView.tsx';
import { activityDetail } from './activity-detail.ts';
import { useActivity } from './use-activity.ts';

interface Props {
  /** Only what concerns this organization. */
  readonly organizationName?: string | undefined;
  /** How many at most; without it, older ones can be loaded. */
  readonly limit?: number;
  /** The way to the results of a command over users. */
  readonly runLinkOf?: (runId: CommandRunId) => ReactNode;
}

const useStyles = makeStyles({
  panel: { padding: 0, overflow: 'hidden' },
  row: { height: '44px' },
  when: { width: '160px', '@media (max-width: 720px)': { width: '96px' } },
  // An audit is read whole: what is long takes more lines.
  what: {
    height: 'auto',
    paddingTop: tokens.spacingVerticalXS,
    paddingBottom: tokens.spacingVerticalXS,
    overflowWrap: 'anywhere',
  },
  detail: { color: tokens.colorNeutralForeground2 },
  wide: { width: '18%', '@media (max-width: 640px)': { display: 'none' } },
});

/** Who changed what, newest first. */
export function ActivityTable({ organizationName, limit, runLinkOf }: Props) {
  const styles = useStyles();
  const texts = useTexts();
  const format = useFormat();
  const { activity: words, common } = texts;
  const query = useActivity();
  return (
    <QueryView query={query}>
      {(all) => {
        const concerned = all.filter((item) => !organizationName || item.organizationName === organizationName);
        const shown = concerned.slice(0, limit);
        const canLoadMore = limit === undefined && query.hasNextPage;
        // Older ones may still concern this organization: then nothing is not yet an answer.
        if (shown.length === 0 && !canLoadMore)
          return <EmptyState Icon={HistoryRegular} title={words.emptyTitle} text={words.emptyText} />;
        return (
          <>
            <Panel className={styles.panel}>
              <Table aria-label={words.title}>
                <TableHeader>
                  <TableRow>
                    <TableHeaderCell className={styles.when}>{words.columns.when}</TableHeaderCell>
                    <TableHeaderCell>{words.columns.what}</TableHeaderCell>
                    <TableHeaderCell className={styles.wide}>{words.columns.organization}</TableHeaderCell>
                    <TableHeaderCell className={styles.wide}>{words.columns.who}</TableHeaderCell>
                  </TableRow>
                </TableHeader>
                <TableBody>
                  {shown.map((item) => {
                    const detail = activityDetail(item, texts, format);
                    return (
                      <TableRow key={item.id} className={styles.row}>
                        <TableCell className={styles.when}>
                          <Moment at={item.at} />
                        </TableCell>
                        <TableCell className={styles.what}>
                          {words.type[item.type]} {detail && <span className={styles.detail}>{detail}</span>}
                          {typeof item.details.run === 'string' && runLinkOf && (
                            <> {runLinkOf(item.details.run as CommandRunId)}</>
                          )}
                        </TableCell>
                        <TableCell className={styles.wide}>{item.organizationName ?? ''}</TableCell>
                        <TableCell className={styles.wide}>{item.by ?? words.service}</TableCell>
                      </TableRow>
                    );
                  })}
                </TableBody>
              </Table>
            </Panel>
            {canLoadMore && (
              <Button disabledFocusable={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {query.isFetchingNextPage ? common.stillLoading : words.more}
              </Button>
            )}
          </>
        );
      }}
    </QueryView>
  );
}
