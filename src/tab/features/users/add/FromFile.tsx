import { Button, Checkbox, makeStyles, Spinner, Text, tokens } from '@fluentui/react-components';
import { DocumentArrowUpRegular } from '@fluentui/react-icons/svg/document-arrow-up';
import { useRef, useState } from 'react';
import { useTexts } from '../../../texts/texts-context.tsx';
import { BadRowList } from './BadRowList.tsx';
import type { ChosenFile } from './chosen-file.ts';
import { FileRefusal } from './FileRefusal.tsx';
import { readCsvFile } from './read-csv-file.ts';

interface Props {
  readonly file: ChosenFile | undefined;
  readonly onFile: (file: ChosenFile) => void;
}

const useStyles = makeStyles({
  root: { display: 'grid', gap: tokens.spacingVerticalS, justifyItems: 'start' },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  name: { overflowWrap: 'anywhere' },
  hint: { color: tokens.colorNeutralForeground2 },
  input: { display: 'none' },
});

/** People from a CSV file: read here, shown with what is wrong in it, and added by nobody but the admin. */
export function FromFile({ file, onFile }: Props) {
  const styles = useStyles();
  const words = useTexts().addUsers.file;
  const input = useRef<HTMLInputElement>(null);
  const latest = useRef<File>(undefined);
  const [isReading, setReading] = useState(false);

  const take = async (chosen: File) => {
    latest.current = chosen;
    setReading(true);
    const read = await readCsvFile(chosen).catch(() => ({
      outcome: 'refused' as const,
      problem: 'unreadable' as const,
    }));
    // Another file may have been chosen while this one was read.
    if (latest.current !== chosen) return;
    setReading(false);
    onFile({ name: chosen.name, read, leavesOutBadRows: false });
  };
  const read = file?.read;
  return (
    <div className={styles.root}>
      <input
        ref={input}
        className={styles.input}
        type="file"
        accept=".csv,.txt,.tsv,text/csv"
        aria-label={words.input}
        onChange={({ currentTarget }) => {
          const chosen = currentTarget.files?.[0];
          if (chosen) void take(chosen);
          // The same file may be chosen again after it was mended.
          currentTarget.value = '';
        }}
      />
      <div className={styles.line}>
        <Button icon={<DocumentArrowUpRegular />} disabledFocusable={isReading} onClick={() => input.current?.click()}>
          {words.choose}
        </Button>
        {isReading ? (
          <Spinner size="tiny" label={words.reading} />
        ) : (
          file && <Text className={styles.name}>{file.name}</Text>
        )}
      </div>
      <Text size={200} className={styles.hint}>
        {words.hint}
      </Text>
      {file && read?.outcome === 'refused' && <FileRefusal problem={read.problem} line={read.line} />}
      {file && read?.outcome === 'read' && (
        <>
          <Text role="status">{words.found(read.people.length, read.repeated)}</Text>
          {read.badRows.length > 0 && (
            <>
              <BadRowList rows={read.badRows} />
              {read.people.length > 0 && (
                <Checkbox
                  label={words.leaveOut(read.badRows.length, read.people.length)}
                  checked={file.leavesOutBadRows}
                  onChange={(_, { checked }) => onFile({ ...file, leavesOutBadRows: checked === true })}
                />
              )}
            </>
          )}
        </>
      )}
    </div>
  );
}
