// biome-ignore-all lint/a11y/useSemanticElements: rows are laid out as grids of their own, which table elements are not
import { makeStyles, mergeClasses, Text, tokens, useFluent } from '@fluentui/react-components';
import { ArrowDownRegular } from '@fluentui/react-icons/svg/arrow-down';
import { ArrowUpRegular } from '@fluentui/react-icons/svg/arrow-up';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Organization } from '../../../../contract/organizations.ts';
import type { OrganizationId } from '../../../../domain/ids.ts';
import {
  nextSort,
  type OrganizationColumn,
  type OrganizationSort,
} from '../../../../domain/organizations/organization-list.ts';
import { useFormat, useTexts } from '../../../texts/texts-context.tsx';
import { SelectAllCell } from '../../../ui/GridCells.tsx';
import { type Cell, moveInGrid } from '../../../ui/grid-keys.ts';
import { useCellStyles } from '../../../ui/use-cell-styles.ts';
import { useWidth } from '../../../ui/use-width.ts';
import { OrganizationRow } from './OrganizationRow.tsx';
import { columns, columnsThatFit, tracksOf } from './organization-columns.tsx';

interface Props {
  readonly organizations: readonly Organization[];
  /** The columns that the admin wants; those for which there is no room are left out. */
  readonly chosen: readonly OrganizationColumn[];
  readonly sort: OrganizationSort | undefined;
  readonly selected: ReadonlySet<OrganizationId>;
  readonly hrefOf: (id: OrganizationId) => string;
  readonly onOpen: (id: OrganizationId) => void;
  readonly onSort: (sort: OrganizationSort | undefined) => void;
  readonly onSelect: (selected: ReadonlySet<OrganizationId>) => void;
  /** Opens the menu of a row at its button. */
  readonly onMenu: (organization: Organization, target: HTMLElement) => void;
}

const cardBelow = 480;
/** How many rows Page Up and Page Down move. */
const pageRows = 10;

const useStyles = makeStyles({
  root: {
    overflow: 'hidden',
    borderRadius: tokens.borderRadiusLarge,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  head: {
    display: 'grid',
    alignItems: 'center',
    height: '43px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  left: { color: tokens.colorNeutralForeground2 },
  words: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
});

/** An ARIA grid of organizations: sorted by its heads, selected by its boxes, one tab stop. */
export function OrganizationsGrid(props: Props) {
  const { organizations, chosen, sort, selected, hrefOf, onOpen, onSort, onSelect, onMenu } = props;
  const styles = useStyles();
  const cells = useCellStyles();
  const { organizations: words } = useTexts();
  const { list } = useFormat();
  const { dir } = useFluent();
  const root = useRef<HTMLDivElement>(null);
  const width = useWidth(root);
  const [active, setActive] = useState<Cell>({ row: 1, column: 1 });
  const shouldFocus = useRef(false);

  const isCard = width < cardBelow;
  const shown = isCard ? (['name'] as const) : columnsThatFit(chosen, width);
  const left = isCard ? [] : chosen.filter((column) => !shown.includes(column));
  const tracks = tracksOf(shown);
  const activeRow = Math.min(active.row, organizations.length);
  const actions = shown.length + 1;
  // The head of the actions is no button.
  const activeColumn = Math.min(active.column, activeRow === 0 ? shown.length : actions);

  useEffect(() => {
    if (!shouldFocus.current) return;
    shouldFocus.current = false;
    root.current?.querySelector<HTMLElement>(`[data-row="${activeRow}"][data-column="${activeColumn}"]`)?.focus();
  });

  const toggle = (id: OrganizationId) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  const isAllSelected = organizations.length > 0 && organizations.every(({ id }) => selected.has(id));
  const toggleAll = () => onSelect(isAllSelected ? new Set() : new Set(organizations.map(({ id }) => id)));

  const press = (event: KeyboardEvent) => {
    const size = { rows: organizations.length + 1, columns: actions + 1, pageRows };
    const to = moveInGrid({ row: activeRow, column: activeColumn }, event, size, dir);
    const organization = organizations[activeRow - 1];
    // The box in the first column, the link in the second and the button in the last have keys of their own.
    if (to) {
      event.preventDefault();
      shouldFocus.current = true;
      setActive(to);
    } else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      toggleAll();
    } else if (event.key === 'Enter' && organization && activeColumn > 1 && activeColumn < actions) {
      event.preventDefault();
      onOpen(organization.id);
    } else if (event.key === ' ' && organization && activeColumn > 0 && activeColumn < actions) {
      event.preventDefault();
      toggle(organization.id);
    }
  };

  const tabIndexOf = (row: number, column: number) => (row === activeRow && column === activeColumn ? 0 : -1);
  return (
    <>
      <div
        ref={root}
        role="grid"
        className={styles.root}
        aria-label={words.title}
        aria-rowcount={organizations.length + 1}
        aria-colcount={actions + 1}
        aria-multiselectable
        onKeyDown={press}
        onFocus={({ target }) => {
          const { row, column } = (target as HTMLElement).dataset;
          if (row && column) setActive({ row: Number(row), column: Number(column) });
        }}
      >
        <div role="row" aria-rowindex={1} tabIndex={-1} className={styles.head} style={{ gridTemplateColumns: tracks }}>
          <SelectAllCell
            label={words.selectAll}
            tabIndex={tabIndexOf(0, 0)}
            isAll={isAllSelected}
            isSome={selected.size > 0}
            onToggle={toggleAll}
          />
          {shown.map((column, index) => {
            const isUp = sort === column;
            const isDown = sort === `-${column}`;
            return (
              <div
                key={column}
                role="columnheader"
                tabIndex={-1}
                aria-colindex={index + 2}
                aria-sort={isUp ? 'ascending' : isDown ? 'descending' : 'none'}
                className={mergeClasses(cells.cell, cells.head, columns[column].isNumber && cells.number)}
              >
                <button
                  type="button"
                  className={cells.sort}
                  data-row={0}
                  data-column={index + 1}
                  tabIndex={tabIndexOf(0, index + 1)}
                  onClick={() => onSort(nextSort(sort, column))}
                >
                  <span className={styles.words}>{words[column]}</span>
                  {isUp && <ArrowUpRegular aria-hidden />}
                  {isDown && <ArrowDownRegular aria-hidden />}
                </button>
              </div>
            );
          })}
          <div role="columnheader" aria-colindex={actions + 1} tabIndex={-1} className={cells.tool}>
            <span className={cells.unseen}>{words.actions}</span>
          </div>
        </div>
        {organizations.map((organization, index) => (
          <OrganizationRow
            key={organization.id}
            organization={organization}
            row={index + 1}
            columns={shown}
            tracks={tracks}
            isCard={isCard}
            isSelected={selected.has(organization.id)}
            href={hrefOf(organization.id)}
            tabIndexOf={(column) => tabIndexOf(index + 1, column)}
            onOpen={() => onOpen(organization.id)}
            onToggle={() => toggle(organization.id)}
            onMenu={(target) => onMenu(organization, target)}
          />
        ))}
      </div>
      {left.length > 0 && (
        <Text className={styles.left}>{words.noRoom(list(left.map((column) => words[column])))}</Text>
      )}
    </>
  );
}
