// biome-ignore-all lint/a11y/useSemanticElements: rows are laid out as grids of their own, which table elements are not
import { Badge, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { Organization } from '../../../../contract/organizations.ts';
import { type OrganizationColumn, organizationSyncStatus } from '../../../../domain/organizations/organization-list.ts';
import { useFormat, useTexts } from '../../../texts/texts-context.tsx';
import { ActionsCell, SelectCell } from '../../../ui/GridCells.tsx';
import { useCellStyles } from '../../../ui/use-cell-styles.ts';
import { columns as allColumns } from './organization-columns.tsx';

interface Props {
  readonly organization: Organization;
  /** 1 for the first organization; the header is 0. */
  readonly row: number;
  readonly columns: readonly OrganizationColumn[];
  readonly tracks: string;
  readonly isCard: boolean;
  readonly isSelected: boolean;
  readonly href: string;
  readonly tabIndexOf: (column: number) => 0 | -1;
  readonly onOpen: () => void;
  readonly onToggle: () => void;
  readonly onMenu: (target: HTMLElement) => void;
}

const useStyles = makeStyles({
  root: {
    display: 'grid',
    alignItems: 'center',
    minHeight: '44px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    cursor: 'pointer',
    ':last-child': { borderBottom: 'none' },
    ':hover': { backgroundColor: tokens.colorNeutralBackground3 },
  },
  card: { minHeight: '64px', paddingBlock: tokens.spacingVerticalXS },
  selected: {
    backgroundColor: tokens.colorBrandBackground2,
    ':hover': { backgroundColor: tokens.colorBrandBackground2 },
  },
  name: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, minWidth: 0 },
  link: {
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    color: tokens.colorBrandForegroundLink,
    textDecorationLine: 'none',
    ':hover': { textDecorationLine: 'underline' },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-1px' },
  },
  badge: { flexShrink: 0 },
  second: {
    display: 'block',
    whiteSpace: 'normal',
    color: tokens.colorNeutralForeground2,
  },
});

/** One organization; on a narrow page a card with its most asked facts in a second line. */
export function OrganizationRow(props: Props) {
  const { organization, row, columns, tracks, isCard, isSelected, href, tabIndexOf, onOpen, onToggle, onMenu } = props;
  const styles = useStyles();
  const cells = useCellStyles();
  const texts = useTexts();
  const format = useFormat();
  const words = texts.organizations;
  const { name, isDefault, connectionType, userCount } = organization;

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it handles the keys of all rows
    <div
      role="row"
      aria-rowindex={row + 1}
      aria-selected={isSelected}
      tabIndex={-1}
      className={mergeClasses(styles.root, isCard && styles.card, isSelected && styles.selected)}
      style={{ gridTemplateColumns: tracks }}
      onClick={onOpen}
    >
      <SelectCell
        label={words.select(name)}
        row={row}
        tabIndex={tabIndexOf(0)}
        isSelected={isSelected}
        onToggle={onToggle}
      />
      {/* biome-ignore lint/a11y/useFocusableInteractive: the link in it is focusable */}
      <div role="gridcell" aria-colindex={2} className={cells.cell}>
        <span className={styles.name}>
          <a
            className={styles.link}
            href={href}
            data-row={row}
            data-column={1}
            tabIndex={tabIndexOf(1)}
            onClick={(event) => {
              event.stopPropagation();
              if (event.ctrlKey || event.metaKey || event.shiftKey) return;
              event.preventDefault();
              onOpen();
            }}
          >
            {name}
          </a>
          {isDefault && (
            <Badge className={styles.badge} appearance="tint" color="subtle">
              {words.default}
            </Badge>
          )}
          {organization.clientId === null && (
            <Badge className={styles.badge} appearance="tint" color="danger">
              {words.notConfigured}
            </Badge>
          )}
        </span>
        {isCard && (
          <span className={styles.second}>
            {[
              texts.connection[connectionType],
              texts.common.people(userCount),
              words.syncLine(words.syncStatus[organizationSyncStatus(organization)]),
            ].join(' · ')}
          </span>
        )}
      </div>
      {columns.slice(1).map((column, index) => (
        <div
          key={column}
          role="gridcell"
          aria-colindex={index + 3}
          className={mergeClasses(cells.cell, allColumns[column].isNumber && cells.number)}
          data-row={row}
          data-column={index + 2}
          tabIndex={tabIndexOf(index + 2)}
        >
          {allColumns[column].render(organization, { texts, format })}
        </div>
      ))}
      <ActionsCell
        label={words.actionsFor(name)}
        row={row}
        column={columns.length + 1}
        tabIndex={tabIndexOf(columns.length + 1)}
        onMenu={onMenu}
      />
    </div>
  );
}
