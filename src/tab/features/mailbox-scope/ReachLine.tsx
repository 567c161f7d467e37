import { makeStyles, Text, tokens } from '@fluentui/react-components';
import type { Reach } from '../../../contract/mailbox-scope.ts';
import { useTexts } from '../../texts/texts-context.tsx';

const useStyles = makeStyles({
  root: { display: 'grid', gap: tokens.spacingVerticalXXS },
  sentence: { fontSize: tokens.fontSizeBase500, lineHeight: tokens.lineHeightBase500 },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** The blast radius as a sentence. */
export function ReachLine({ reach }: { reach: Reach | null }) {
  const styles = useStyles();
  const { reach: words } = useTexts().scope;
  const sentence = useReachSentence();
  return (
    <div className={styles.root}>
      <Text as="p" className={styles.sentence} weight="semibold">
        {reach ? sentence(reach) : words.notCounted}
      </Text>
      {!reach && <Text className={styles.quiet}>{words.notCountedText}</Text>}
      {reach && reach.unknown > 0 && reach.unknown < reach.mailboxes && (
        <Text className={styles.quiet}>{words.unknown(reach.unknown)}</Text>
      )}
    </div>
  );
}

export function useReachSentence(): (reach: Reach) => string {
  const { reach: words } = useTexts().scope;
  return ({ reachable, unknown, mailboxes }) => {
    if (reachable > 0) return reachable >= mailboxes ? words.all(mailboxes) : words.of(reachable, mailboxes);
    // Not known is not closed.
    if (unknown === 0) return words.none(mailboxes);
    return unknown >= mailboxes ? words.allUnknown(mailboxes) : words.noneKnown(mailboxes);
  };
}
