import { makeStyles, Option, tokens } from '@fluentui/react-components';
import { useFormat } from '../texts/texts-context.tsx';
import { OneLineDropdown } from './OneLineDropdown.tsx';

interface Props<Value extends string> {
  readonly label: string;
  /** The words for no filter. */
  readonly anyWords: string;
  readonly values: readonly Value[];
  readonly wordsOf: (value: Value) => string;
  readonly chosen: Value | undefined;
  readonly onChoose: (value: Value | undefined) => void;
  /** How many each value would leave, where that is known. */
  readonly counts?: Readonly<Record<Value, number>> | undefined;
  readonly onOpenChange?: (isOpen: boolean) => void;
}

const useStyles = makeStyles({
  // Three of them share a line where Teams gives a tab 604 px.
  choice: { minWidth: '176px', width: '192px', maxWidth: '100%' },
  // A value and its count stay on one line.
  values: { minWidth: 'max-content' },
  count: {
    marginInlineStart: 'auto',
    paddingInlineStart: tokens.spacingHorizontalM,
    color: tokens.colorNeutralForeground2,
    fontVariantNumeric: 'tabular-nums',
  },
});

const any = 'any';

/** One filter of a list, as a menu of its values. */
export function FilterChoice<Value extends string>(props: Props<Value>) {
  const { label, anyWords, values, wordsOf, chosen, onChoose, counts, onOpenChange } = props;
  const styles = useStyles();
  const { number } = useFormat();
  return (
    <OneLineDropdown
      className={styles.choice}
      listbox={{ className: styles.values }}
      aria-label={label}
      value={chosen ? wordsOf(chosen) : anyWords}
      selectedOptions={[chosen ?? any]}
      onOpenChange={(_, { open }) => onOpenChange?.(open)}
      onOptionSelect={(_, { optionValue }) => onChoose(values.find((value) => value === optionValue))}
    >
      <Option value={any}>{anyWords}</Option>
      {values.map((value) => (
        <Option key={value} value={value} text={wordsOf(value)}>
          {wordsOf(value)}
          {counts && <span className={styles.count}>{number(counts[value])}</span>}
        </Option>
      ))}
    </OneLineDropdown>
  );
}
