import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { reasonWords } from '../../../../contract/reasons.ts';
import type { SyncSession } from '../../../../contract/users.ts';
import { useTexts } from '../../../texts/texts-context.tsx';
import { IconLabel } from '../../../ui/IconLabel.tsx';
import { Moment } from '../../../ui/Moment.tsx';
import { statusAppearance } from '../../../ui/status-appearance.ts';

const looksOf = { queued: 'waiting', running: 'waiting', succeeded: 'working', failed: 'blocked' } as const;

const useStyles = makeStyles({
  root: { display: 'grid', margin: 0, padding: 0, listStyleType: 'none' },
  item: {
    display: 'grid',
    gridTemplateColumns: 'minmax(96px, 128px) minmax(0, 1fr) auto',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    minHeight: '44px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  quiet: { color: tokens.colorNeutralForeground2 },
});

export function SyncSessions({ sessions }: { sessions: readonly SyncSession[] }) {
  const styles = useStyles();
  const { users } = useTexts();
  const words = users.details;
  if (sessions.length === 0) return <Text className={styles.quiet}>{words.noSessions}</Text>;
  return (
    <ul className={styles.root}>
      {sessions.map((session) => (
        <li key={session.id} className={styles.item}>
          <IconLabel {...statusAppearance[looksOf[session.state]]}>{words.sessionState[session.state]}</IconLabel>
          <Text className={styles.quiet}>
            {session.reason && session.state === 'failed'
              ? reasonWords[session.reason].title
              : session.endedAt && words.changes(session.changes)}
          </Text>
          <Moment at={session.endedAt ?? session.startedAt ?? session.requestedAt} />
        </li>
      ))}
    </ul>
  );
}
