// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot hold rows that are not there
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { memo } from 'react';
import type { User } from '../../../../contract/users.ts';
import type { UserColumn } from '../../../../domain/users/user-list.ts';
import { useFormat, useTexts } from '../../../texts/texts-context.tsx';
import { ActionsCell, SelectCell } from '../../../ui/GridCells.tsx';
import { StatusLabel } from '../../../ui/StatusLabel.tsx';
import { useCellStyles } from '../../../ui/use-cell-styles.ts';
import { columns as allColumns } from './columns.tsx';

export interface RowHandlers {
  onOpen(user: User): void;
  onToggle(user: User): void;
  onMenu(user: User, button: HTMLElement): void;
}

interface Props {
  readonly user: User;
  /** 1 for the first user; the header is 0. */
  readonly row: number;
  readonly top: number;
  readonly columns: readonly UserColumn[];
  readonly tracks: string;
  readonly isCard: boolean;
  readonly isSelected: boolean;
  readonly isOpen: boolean;
  /** The column that has the tab stop, if this row has it. */
  readonly activeColumn: number | undefined;
  readonly handlers: RowHandlers;
  /** Attributes of cells that focus can return to. */
  readonly focusTarget: object;
}

const useStyles = makeStyles({
  root: {
    position: 'absolute',
    insetInline: 0,
    display: 'grid',
    alignItems: 'center',
    height: '44px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    backgroundColor: tokens.colorNeutralBackground1,
    cursor: 'pointer',
    boxSizing: 'border-box',
    ':hover': { backgroundColor: tokens.colorNeutralBackground3 },
  },
  card: { height: '64px' },
  selected: {
    backgroundColor: tokens.colorBrandBackground2,
    ':hover': { backgroundColor: tokens.colorBrandBackground2 },
  },
  open: { boxShadow: `inset 3px 0 0 ${tokens.colorCompoundBrandStroke}` },
  second: { display: 'block', color: tokens.colorNeutralForeground2 },
});

/** One user. Plain elements, so that fast scrolling stays smooth. */
export const UserRow = memo(function UserRow(props: Props) {
  const { user, row, top, columns, tracks, isCard, isSelected, isOpen, activeColumn, handlers, focusTarget } = props;
  const styles = useStyles();
  const cells = useCellStyles();
  const texts = useTexts();
  const format = useFormat();
  const tabIndexOf = (column: number) => (activeColumn === column ? 0 : -1);
  const last = columns.length + 1;

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it handles the keys of all rows
    <div
      role="row"
      aria-rowindex={row + 1}
      aria-selected={isSelected}
      className={mergeClasses(styles.root, isCard && styles.card, isSelected && styles.selected, isOpen && styles.open)}
      style={{ transform: `translateY(${top}px)`, gridTemplateColumns: tracks }}
      onClick={() => handlers.onOpen(user)}
      tabIndex={-1}
    >
      <SelectCell
        label={texts.users.selectUser(user.displayName)}
        row={row}
        tabIndex={tabIndexOf(0)}
        isSelected={isSelected}
        onToggle={() => handlers.onToggle(user)}
      />
      {columns.map((column, index) => (
        <div
          key={column}
          {...focusTarget}
          role="gridcell"
          aria-colindex={index + 2}
          className={mergeClasses(cells.cell, allColumns[column].isNumber && cells.number)}
          data-row={row}
          data-column={index + 1}
          tabIndex={tabIndexOf(index + 1)}
        >
          {allColumns[column].render(user, { texts, format })}
          {isCard && (
            <span className={styles.second}>
              <StatusLabel status={user.access.status} />
            </span>
          )}
        </div>
      ))}
      <ActionsCell
        label={texts.users.actionsFor(user.displayName)}
        row={row}
        column={last}
        tabIndex={tabIndexOf(last)}
        focusTarget={focusTarget}
        onMenu={(button) => handlers.onMenu(user, button)}
      />
    </div>
  );
});
