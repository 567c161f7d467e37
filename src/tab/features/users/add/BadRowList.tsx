import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useTexts } from '../../../texts/texts-context.tsx';
import type { BadRow } from './csv-people.ts';

const useStyles = makeStyles({
  root: { display: 'grid', gap: tokens.spacingVerticalXS, width: '100%' },
  list: { margin: 0, maxHeight: '160px', overflowY: 'auto' },
});

/** More lines than anybody reads would only slow the page. */
const shown = 200;

/** Every row that was not understood: line and cause. */
export function BadRowList({ rows }: { rows: readonly BadRow[] }) {
  const styles = useStyles();
  const words = useTexts().addUsers.file;
  return (
    <div className={styles.root}>
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{words.badRows(rows.length)}</MessageBarTitle>
          {words.badRowsText}
        </MessageBarBody>
      </MessageBar>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls is reached by keyboard */}
      <ul className={styles.list} aria-label={words.badRows(rows.length)} tabIndex={0}>
        {rows.slice(0, shown).map(({ line, problem }) => (
          <li key={line}>
            {words.inLine(line)} {words.rowProblem[problem]}
          </li>
        ))}
      </ul>
      {rows.length > shown && <Text size={200}>{words.moreBadRows(rows.length - shown)}</Text>}
    </div>
  );
}
