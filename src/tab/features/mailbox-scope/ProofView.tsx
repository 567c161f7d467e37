import { makeStyles, ProgressBar, Text, tokens } from '@fluentui/react-components';
import type { ScopeProof } from '../../../contract/mailbox-scope.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { Announcer } from '../../ui/Announcer.tsx';
import { FactList } from '../../ui/FactList.tsx';
import { IconLabel } from '../../ui/IconLabel.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { statusAppearance } from '../../ui/status-appearance.ts';
import { useNameList } from './use-name-list.ts';

const looksOf = {
  holds: statusAppearance.working,
  leaks: statusAppearance.exposed,
  blocks: statusAppearance.blocked,
  waiting: statusAppearance.waiting,
  could_not_tell: statusAppearance.could_not_tell,
  running: statusAppearance.waiting,
} as const satisfies Record<ScopeProof['verdict'], unknown>;

const useStyles = makeStyles({
  root: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalS },
  head: { display: 'flex', flexWrap: 'wrap', justifyContent: 'space-between', gap: tokens.spacingHorizontalM },
  verdict: { fontWeight: tokens.fontWeightSemibold },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** A proof from both sides: how far it is, then what it found. */
export function ProofView({ proof }: { proof: ScopeProof }) {
  const styles = useStyles();
  const words = useTexts().scope.proof;
  const nameList = useNameList();
  const { inside, outside, state, verdict, blocked, isSweep, startedAt, finishedAt } = proof;
  const total = inside.total + outside.total;
  const done = triedOf(inside) + triedOf(outside);
  const isRunning = state === 'running';
  const insideLine = [
    words.insideLine(inside.reachable, inside.total),
    inside.closed > 0 && words.closedInstead(inside.closed),
  ];
  const outsideLine = [
    words.outsideLine(outside.closed, outside.total),
    outside.reachable > 0 && words.openInstead(outside.reachable),
  ];
  const line = (words_: (string | false)[], { couldNotTell, noMailbox }: ScopeProof['inside']) =>
    [...words_, couldNotTell > 0 && words.couldNotTell(couldNotTell), noMailbox > 0 && words.noMailbox(noMailbox)]
      .filter(Boolean)
      .join(' · ');

  return (
    <div className={styles.root} aria-busy={isRunning}>
      <div className={styles.head}>
        <span className={styles.verdict} role="status">
          <IconLabel {...looksOf[isRunning ? 'running' : verdict]}>
            {isRunning ? words.running : words.verdict[verdict]}
          </IconLabel>
        </span>
        <Text className={styles.quiet}>
          {isSweep ? words.sweep : words.sample}
          {' · '}
          {isRunning ? words.progress(done, total) : <Moment at={finishedAt ?? startedAt} />}
        </Text>
      </div>
      {isRunning && (
        <>
          <ProgressBar
            thickness="large"
            aria-label={words.running}
            value={done > 0 ? done : undefined}
            max={Math.max(total, 1)}
          />
          <Announcer text={words.announce(done, total)} />
        </>
      )}
      {state === 'failed' && <Text>{words.failed}</Text>}
      <FactList
        facts={[
          { name: words.inside, value: line(insideLine, inside) },
          { name: words.outside, value: line(outsideLine, outside) },
          ...(blocked.length > 0
            ? [
                {
                  name: words.blocked,
                  value: nameList(
                    blocked.map(({ displayName }) => displayName),
                    inside.closed,
                  ),
                },
              ]
            : []),
        ]}
      />
    </div>
  );
}

function triedOf({ reachable, closed, couldNotTell, noMailbox }: ScopeProof['inside']): number {
  return reachable + closed + couldNotTell + noMailbox;
}
