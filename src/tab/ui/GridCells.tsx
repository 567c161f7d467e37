// biome-ignore-all lint/a11y/useSemanticElements: rows are laid out as grids of their own, which table elements are not
import { SettingsRegular } from '@fluentui/react-icons/svg/settings';
import { useCellStyles } from './use-cell-styles.ts';

interface Tool {
  /** Read aloud. */
  readonly label: string;
  /** 1 for the first row under the head. */
  readonly row: number;
  readonly tabIndex: 0 | -1;
}

interface SelectAllProps extends Omit<Tool, 'row'> {
  readonly isAll: boolean;
  readonly isSome: boolean;
  readonly onToggle: () => void;
}

/** The box in the head that selects every row. */
export function SelectAllCell({ label, tabIndex, isAll, isSome, onToggle }: SelectAllProps) {
  const cells = useCellStyles();
  return (
    <div role="columnheader" aria-colindex={1} tabIndex={-1} className={cells.tool}>
      <input
        type="checkbox"
        className={cells.checkbox}
        aria-label={label}
        checked={isAll}
        ref={(box) => {
          if (box) box.indeterminate = !isAll && isSome;
        }}
        data-row={0}
        data-column={0}
        tabIndex={tabIndex}
        onChange={onToggle}
      />
    </div>
  );
}

/** The box that selects a row; a click beside it does not open the row. */
export function SelectCell({
  label,
  row,
  tabIndex,
  isSelected,
  onToggle,
}: Tool & { readonly isSelected: boolean; readonly onToggle: () => void }) {
  const cells = useCellStyles();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the checkbox in it has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the checkbox in it is focusable
    <div role="gridcell" aria-colindex={1} className={cells.tool} onClick={(event) => event.stopPropagation()}>
      <input
        type="checkbox"
        className={cells.checkbox}
        aria-label={label}
        checked={isSelected}
        data-row={row}
        data-column={0}
        tabIndex={tabIndex}
        onChange={onToggle}
      />
    </div>
  );
}

interface ActionsProps extends Tool {
  /** Counted from 0, the box. */
  readonly column: number;
  /** Attributes of a button that focus can return to. */
  readonly focusTarget?: object;
  readonly onMenu: (button: HTMLElement) => void;
}

/** The button that opens the menu of a row. */
export function ActionsCell({ label, row, column, tabIndex, focusTarget, onMenu }: ActionsProps) {
  const cells = useCellStyles();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the button in it has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the button in it is focusable
    <div role="gridcell" aria-colindex={column + 1} className={cells.tool} onClick={(event) => event.stopPropagation()}>
      <button
        {...focusTarget}
        type="button"
        className={cells.button}
        aria-label={label}
        aria-haspopup="menu"
        data-row={row}
        data-column={column}
        tabIndex={tabIndex}
        onClick={(event) => onMenu(event.currentTarget)}
      >
        <SettingsRegular fontSize={20} />
      </button>
    </div>
  );
}
