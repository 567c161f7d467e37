import { Button, makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { DocumentArrowUpRegular } from '@fluentui/react-icons/svg/document-arrow-up';
import { type DragEvent, useRef, useState } from 'react';
import { useTexts } from '../texts/texts-context.tsx';

interface Props {
  readonly isPending: boolean;
  readonly onText: (text: string) => void;
}

/** The service takes no more characters than this. */
const limit = 20_000_000;

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    padding: tokens.spacingHorizontalM,
    borderRadius: tokens.borderRadiusMedium,
    border: `1px dashed ${tokens.colorNeutralStroke1}`,
  },
  over: { backgroundColor: tokens.colorNeutralBackground1Hover, border: `1px dashed ${tokens.colorBrandStroke1}` },
  input: { display: 'none' },
});

/** Takes the file that a script wrote: chosen, or dropped here. */
export function ResultDrop({ isPending, onText }: Props) {
  const styles = useStyles();
  const { result: words } = useTexts().scope;
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [isTooLarge, setTooLarge] = useState(false);

  const take = async (file: File | undefined) => {
    if (!file) return;
    setTooLarge(file.size > limit);
    if (file.size <= limit) onText(await file.text());
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (!isPending) void take(event.dataTransfer.files[0]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is the mouse's way; the button is everybody's
    <div
      className={mergeClasses(styles.root, isOver && styles.over)}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        ref={input}
        className={styles.input}
        type="file"
        accept=".json,application/json"
        aria-label={words.input}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          // The same file may be chosen again after it was mended.
          void take(file).finally(() => {
            currentTarget.value = '';
          });
        }}
      />
      <Button icon={<DocumentArrowUpRegular />} disabledFocusable={isPending} onClick={() => input.current?.click()}>
        {words.choose}
      </Button>
      <Text role="status">{isPending ? words.reading : words.drop}</Text>
      {isTooLarge && <Text role="alert">{words.tooLarge}</Text>}
    </div>
  );
}
