import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { DocumentArrowUpRegular } from '@fluentui/react-icons/svg/document-arrow-up';
import { useRef } from 'react';
import { useTexts } from '../../texts/texts-context.tsx';

interface Props {
  readonly file: File | undefined;
  readonly onFile: (file: File) => void;
}

const useStyles = makeStyles({
  root: { display: 'grid', gap: tokens.spacingVerticalS, justifyItems: 'start' },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  name: { overflowWrap: 'anywhere' },
  hint: { color: tokens.colorNeutralForeground2 },
  input: { display: 'none' },
});

/** A CSV file, chosen and not read here: the service reads it piece by piece. */
export function FromFile({ file, onFile }: Props) {
  const styles = useStyles();
  const words = useTexts().addUsers.file;
  const input = useRef<HTMLInputElement>(null);
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
          if (chosen) onFile(chosen);
          // The same file may be chosen again after it was mended.
          currentTarget.value = '';
        }}
      />
      <div className={styles.line}>
        <Button icon={<DocumentArrowUpRegular />} onClick={() => input.current?.click()}>
          {words.choose}
        </Button>
        {file && (
          <Text role="status" className={styles.name}>
            {file.name}
          </Text>
        )}
      </div>
      <Text size={200} className={styles.hint}>
        {words.hint}
      </Text>
    </div>
  );
}
