// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot hold rows that are not there
import { makeStyles, Text, tokens, useFluent, useRestoreFocusTarget } from '@fluentui/react-components';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { User } from '../../../../contract/users.ts';
import type { UserId } from '../../../../domain/ids.ts';
import type { UserColumn, UserSort } from '../../../../domain/users/user-list.ts';
import { useFormat, useTexts } from '../../../texts/texts-context.tsx';
import { SelectAllCell } from '../../../ui/GridCells.tsx';
import { type Cell, moveInGrid } from '../../../ui/grid-keys.ts';
import { useCellStyles } from '../../../ui/use-cell-styles.ts';
import { useWidth } from '../../../ui/use-width.ts';
import { columnsThatFit, tracksOf } from './columns.tsx';
import { HeadCell } from './HeadCell.tsx';
import { type RowHandlers, UserRow } from './UserRow.tsx';

interface Props {
  readonly users: readonly User[];
  /** Names the list: another one begins at its top. */
  readonly listName: string;
  /** How many users there are, loaded or not; undefined while nobody knows. */
  readonly total: number | undefined;
  /** The columns that the admin wants; those for which there is no room are left out. */
  readonly chosen: readonly UserColumn[];
  readonly sorts: readonly UserSort[];
  readonly selected: ReadonlySet<UserId>;
  readonly openId: UserId | undefined;
  readonly isLoadingMore: boolean;
  readonly onSelect: (selected: ReadonlySet<UserId>) => void;
  readonly onSort: (sorts: readonly UserSort[]) => void;
  readonly onOpen: (user: User) => void;
  readonly onMenu: (user: User, button: HTMLElement) => void;
  /** The end of what is loaded comes into view. */
  readonly onEndReached: () => void;
}

const cardBelow = 480;
const cardColumns = ['name'] as const;
const rowsAhead = 20;

const useStyles = makeStyles({
  root: {
    position: 'relative',
    flex: '1 1 0',
    minHeight: '264px',
    overflowX: 'hidden',
    overflowY: 'auto',
    borderRadius: tokens.borderRadiusLarge,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  head: {
    position: 'sticky',
    top: 0,
    zIndex: 1,
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  headRow: { display: 'grid', alignItems: 'center', height: '43px' },
  body: { position: 'relative' },
  left: { color: tokens.colorNeutralForeground2 },
});

/** An ARIA grid over any number of users: only the rows in view exist, one cell has the tab stop. */
export function UsersGrid(props: Props) {
  const { users, listName, total, chosen, sorts, selected, openId, isLoadingMore } = props;
  const { onSelect, onSort, onOpen, onMenu, onEndReached } = props;
  const styles = useStyles();
  const cells = useCellStyles();
  const { users: words } = useTexts();
  const { list } = useFormat();
  const { dir } = useFluent();
  // Where focus returns when the details or a dialog close.
  const focusTarget = useRestoreFocusTarget();
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const [active, setActive] = useState<Cell>({ row: 1, column: 1 });
  const shouldFocus = useRef(false);

  const isCard = width < cardBelow;
  const columns = useMemo(() => (isCard ? cardColumns : columnsThatFit(chosen, width)), [chosen, isCard, width]);
  const left = isCard ? [] : chosen.filter((column) => !columns.includes(column));
  const tracks = tracksOf(columns);
  const rowHeight = isCard ? 64 : 44;
  const activeRow = Math.min(active.row, users.length);
  const activeColumn = Math.min(active.column, columns.length + 1);

  const virtualizer = useVirtualizer({
    count: users.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => users[index]?.id ?? index,
    overscan: 2,
    // The row with the tab stop stays mounted, so that focus is never lost by scrolling.
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
      const from = Math.max(0, startIndex - overscan);
      const to = Math.min(count - 1, endIndex + overscan);
      const range = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
      const kept = activeRow - 1;
      if (kept >= 0 && kept < count && (kept < from || kept > to)) range.push(kept);
      return range.sort((a, b) => a - b);
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured again when the height of rows changes
  useEffect(() => virtualizer.measure(), [rowHeight]);
  const shownList = useRef(listName);
  useLayoutEffect(() => {
    if (shownList.current === listName) return;
    shownList.current = listName;
    if (scroller.current) scroller.current.scrollTop = 0;
    setActive((cell) => ({ ...cell, row: Math.min(cell.row, 1) }));
  }, [listName]);

  const rows = virtualizer.getVirtualItems();
  const lastShown = rows.at(-1)?.index ?? 0;
  const isNearEnd = lastShown + rowsAhead >= users.length;
  useEffect(() => {
    if (isNearEnd) onEndReached();
  }, [isNearEnd, onEndReached]);

  useEffect(() => {
    if (!shouldFocus.current) return;
    shouldFocus.current = false;
    const cell = scroller.current?.querySelector<HTMLElement>(
      `[data-row="${activeRow}"][data-column="${activeColumn}"]`,
    );
    cell?.focus({ preventScroll: true });
  });

  const toggle = (user: User) => {
    const next = new Set(selected);
    if (!next.delete(user.id)) next.add(user.id);
    onSelect(next);
  };
  const latest = useRef({ onOpen, onMenu, toggle });
  latest.current = { onOpen, onMenu, toggle };
  const handlers = useMemo<RowHandlers>(
    () => ({
      onOpen: (user) => latest.current.onOpen(user),
      onToggle: (user) => latest.current.toggle(user),
      onMenu: (user, button) => latest.current.onMenu(user, button),
    }),
    [],
  );

  const isAllSelected = users.length > 0 && users.every(({ id }) => selected.has(id));
  const toggleAll = () => onSelect(isAllSelected ? new Set() : new Set(users.map(({ id }) => id)));

  const press = (event: KeyboardEvent) => {
    const size = {
      rows: users.length + 1,
      columns: columns.length + 2,
      pageRows: pageRowsOf(scroller.current, rowHeight),
    };
    const from = { row: activeRow, column: activeColumn };
    const to = moveInGrid(from, event, size, dir);
    const user = users[activeRow - 1];
    const isOnTool = activeColumn === 0 || activeColumn === columns.length + 1;
    if (to) {
      event.preventDefault();
      shouldFocus.current = true;
      setActive(to);
      if (to.row > 0) virtualizer.scrollToIndex(to.row - 1);
    } else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      toggleAll();
    } else if (event.key === 'Enter' && user && !isOnTool) {
      event.preventDefault();
      onOpen(user);
    } else if (event.key === ' ' && user && !isOnTool) {
      event.preventDefault();
      toggle(user);
    }
  };

  return (
    <>
      <div
        ref={scroller}
        role="grid"
        className={styles.root}
        aria-label={words.title}
        aria-rowcount={total === undefined ? -1 : total + 1}
        aria-colcount={columns.length + 2}
        aria-multiselectable
        aria-busy={isLoadingMore}
        onKeyDown={press}
        onFocus={({ target }) => {
          const { row, column } = (target as HTMLElement).dataset;
          if (row && column) setActive({ row: Number(row), column: Number(column) });
        }}
      >
        <div role="rowgroup" className={styles.head}>
          <div
            role="row"
            aria-rowindex={1}
            tabIndex={-1}
            className={styles.headRow}
            style={{ gridTemplateColumns: tracks }}
          >
            <SelectAllCell
              label={words.selectAll}
              tabIndex={activeRow === 0 && activeColumn === 0 ? 0 : -1}
              isAll={isAllSelected}
              isSome={selected.size > 0}
              onToggle={toggleAll}
            />
            {columns.map((column, index) => (
              <HeadCell
                key={column}
                column={column}
                position={index + 1}
                sorts={sorts}
                tabIndex={activeRow === 0 && activeColumn === index + 1 ? 0 : -1}
                onSort={onSort}
              />
            ))}
            <div
              role="columnheader"
              aria-colindex={columns.length + 2}
              data-row={0}
              data-column={columns.length + 1}
              tabIndex={activeRow === 0 && activeColumn === columns.length + 1 ? 0 : -1}
            >
              <span className={cells.unseen}>{words.columns.actions}</span>
            </div>
          </div>
        </div>
        <div role="rowgroup" className={styles.body} style={{ height: virtualizer.getTotalSize() }}>
          {rows.map(({ index, start }) => {
            const user = users[index];
            if (!user) return null;
            return (
              <UserRow
                key={user.id}
                user={user}
                row={index + 1}
                top={start}
                columns={columns}
                tracks={tracks}
                isCard={isCard}
                isSelected={selected.has(user.id)}
                isOpen={user.id === openId}
                activeColumn={index + 1 === activeRow ? activeColumn : undefined}
                handlers={handlers}
                focusTarget={focusTarget}
              />
            );
          })}
        </div>
      </div>
      {left.length > 0 && (
        <Text className={styles.left}>{words.noRoom(list(left.map((column) => words.columns[column])))}</Text>
      )}
    </>
  );
}

function pageRowsOf(scroller: HTMLElement | null, rowHeight: number): number {
  return Math.max(1, Math.floor((scroller?.clientHeight ?? 0) / rowHeight) - 1);
}
