// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot hold rows that are not there
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { ArrowDownRegular } from '@fluentui/react-icons/svg/arrow-down';
import { ArrowUpRegular } from '@fluentui/react-icons/svg/arrow-up';
import {
  nextUserSorts,
  readUserSort,
  type SortableUserColumn,
  sortableUserColumns,
  type UserColumn,
  type UserSort,
} from '../../../../domain/users/user-list.ts';
import { useTexts } from '../../../texts/texts-context.tsx';
import { useCellStyles } from '../../../ui/use-cell-styles.ts';
import { columns } from './columns.tsx';

interface Props {
  readonly column: UserColumn;
  /** 1 for the first column after the boxes. */
  readonly position: number;
  readonly sorts: readonly UserSort[];
  readonly tabIndex: 0 | -1;
  readonly onSort: (sorts: readonly UserSort[]) => void;
}

const useStyles = makeStyles({
  words: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  place: { fontSize: tokens.fontSizeBase100, fontVariantNumeric: 'tabular-nums' },
});

/** The head of a column. A click sorts by it alone, with Shift after what the list is sorted by. */
export function HeadCell({ column, position, sorts, tabIndex, onSort }: Props) {
  const styles = useStyles();
  const cells = useCellStyles();
  const { users: words } = useTexts();
  const sortable = sortableUserColumns.find((name): name is SortableUserColumn => name === column);
  const index = sorts.findIndex((sort) => readUserSort(sort).column === column);
  const sort = sorts[index];
  const isDown = sort?.startsWith('-');
  const className = mergeClasses(cells.cell, cells.head, columns[column].isNumber && cells.number);

  if (!sortable) {
    return (
      <div
        role="columnheader"
        aria-colindex={position + 1}
        className={className}
        data-row={0}
        data-column={position}
        tabIndex={tabIndex}
      >
        {words.columns[column]}
      </div>
    );
  }
  return (
    <div
      role="columnheader"
      tabIndex={-1}
      aria-colindex={position + 1}
      aria-sort={sort === undefined ? 'none' : isDown ? 'descending' : 'ascending'}
      className={className}
    >
      <button
        type="button"
        className={cells.sort}
        title={words.sortHint}
        onClick={({ shiftKey }) => onSort(nextUserSorts(sorts, sortable, shiftKey))}
        data-row={0}
        data-column={position}
        tabIndex={tabIndex}
      >
        <span className={styles.words}>{words.columns[column]}</span>
        {sort !== undefined && (isDown ? <ArrowDownRegular aria-hidden /> : <ArrowUpRegular aria-hidden />)}
        {sort !== undefined && sorts.length > 1 && <span className={styles.place}>{index + 1}</span>}
      </button>
    </div>
  );
}
