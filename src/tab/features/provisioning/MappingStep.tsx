import {
  Button,
  DialogActions,
  DialogContent,
  Dropdown,
  Field,
  makeStyles,
  Option,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from '@fluentui/react-components';
import { useState } from 'react';
import { type CsvField, type CsvMapping, csvFields, namesPeople } from '../../../domain/provisioning/csv-columns.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import type { StepProps } from './ProvisioningSteps.tsx';
import { StartOverButton } from './StartOverButton.tsx';
import { StepHeading } from './StepHeading.tsx';
import { useStepStyles } from './step-styles.ts';

const useStyles = makeStyles({
  fields: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(200px, 1fr))',
    gap: tokens.spacingHorizontalM,
  },
  sample: { overflowX: 'auto' },
  cell: { minWidth: '140px', overflowWrap: 'anywhere' },
});

/** Which column of the file says what; the headings suggest it. */
export function MappingStep({ provisioning, commands, onBack, onClose }: StepProps) {
  const styles = useStyles();
  const step = useStepStyles();
  const { addUsers: words, common } = useTexts();
  const { file } = provisioning;
  const [mapping, setMapping] = useState<CsvMapping>(file?.mapping ?? {});
  const { map } = commands;
  if (!file) return null;

  const nameOf = (column: number) => file.headings[column] || words.columnNumber(column + 1);
  const choose = (field: CsvField, value: string | undefined) =>
    setMapping({ ...mapping, [field]: value === '' || value === undefined ? undefined : Number(value) });
  const isComplete = namesPeople(mapping);
  return (
    <>
      <DialogContent className={step.content}>
        {map.error && <ErrorBar error={map.error} />}
        <StepHeading>{words.columns}</StepHeading>
        <Text>{words.columnsText}</Text>
        <div className={styles.fields}>
          {csvFields.map((field) => {
            const column = mapping[field];
            return (
              <Field key={field} label={words.field[field]}>
                <Dropdown
                  value={column === undefined ? words.notInFile : nameOf(column)}
                  selectedOptions={[column === undefined ? '' : String(column)]}
                  onOptionSelect={(_, { optionValue }) => choose(field, optionValue)}
                >
                  <Option value="">{words.notInFile}</Option>
                  {file.headings.map((_, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: columns are told apart by their place
                    <Option key={index} value={String(index)}>
                      {nameOf(index)}
                    </Option>
                  ))}
                </Dropdown>
              </Field>
            );
          })}
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls is reached by keyboard */}
        <section className={styles.sample} aria-label={words.sample} tabIndex={0}>
          <Table size="small" aria-label={words.sample}>
            <TableHeader>
              <TableRow>
                {file.headings.map((_, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: as above
                  <TableHeaderCell key={index} className={styles.cell}>
                    {nameOf(index)}
                  </TableHeaderCell>
                ))}
              </TableRow>
            </TableHeader>
            <TableBody>
              {file.sample.map((cells, row) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <TableRow key={row}>
                  {file.headings.map((_, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: as above
                    <TableCell key={index} className={styles.cell}>
                      {cells[index]}
                    </TableCell>
                  ))}
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </section>
        {!isComplete && <Text role="alert">{words.needsColumn}</Text>}
      </DialogContent>
      <DialogActions position="end">
        <Button
          appearance="primary"
          disabledFocusable={!isComplete || map.isPending}
          onClick={() => isComplete && map.mutate(mapping)}
        >
          {words.next}
        </Button>
        <StartOverButton commands={commands} onBack={onBack} />
        <Button onClick={onClose}>{common.close}</Button>
      </DialogActions>
    </>
  );
}
