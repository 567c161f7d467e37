import {
  Button,
  makeStyles,
  mergeClasses,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  tokens,
} from '@fluentui/react-components';
import { CheckmarkCircleFilled } from '@fluentui/react-icons/svg/checkmark-circle';
import { ClockFilled } from '@fluentui/react-icons/svg/clock';
import { DismissCircleFilled } from '@fluentui/react-icons/svg/dismiss-circle';
import { QuestionCircleFilled } from '@fluentui/react-icons/svg/question-circle';
import { WarningFilled } from '@fluentui/react-icons/svg/warning';
import type { GrantState } from '../../../domain/consent/consent-state.ts';
import { isGrantable, isOfDirectory, isTierZero, tierZeroPower } from '../../../domain/consent/permission-set.ts';
import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import { useFormat, useTexts } from '../../texts/texts-context.tsx';
import { IconLabel } from '../../ui/IconLabel.tsx';
import type { PermissionRow, RoleChange } from './use-role-change.ts';

const appearance = {
  granted: { Icon: CheckmarkCircleFilled, color: tokens.colorPaletteGreenForeground1 },
  by_exchange: { Icon: CheckmarkCircleFilled, color: tokens.colorPaletteGreenForeground1 },
  waiting: { Icon: ClockFilled, color: tokens.colorPaletteBlueForeground2 },
  unknown: { Icon: QuestionCircleFilled, color: tokens.colorNeutralForeground3 },
  missing: { Icon: DismissCircleFilled, color: tokens.colorPaletteRedForeground1 },
  excess: { Icon: WarningFilled, color: tokens.colorPaletteRedForeground1 },
} as const satisfies Record<GrantState, unknown>;

const narrow = '@media (max-width: 900px)';
const veryNarrow = '@media (max-width: 480px)';
const useStyles = makeStyles({
  cell: {
    height: '44px',
    boxSizing: 'border-box',
    paddingTop: tokens.spacingVerticalS,
    paddingBottom: tokens.spacingVerticalS,
  },
  excess: { backgroundColor: tokens.colorStatusDangerBackground1 },
  mono: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere' },
  permission: { display: 'grid', gap: tokens.spacingVerticalXXS },
  small: { fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere' },
  wide: { [narrow]: { display: 'none' } },
  /** Where there is no room for columns, their words stand below the permission. */
  below: { display: 'none', fontSize: tokens.fontSizeBase200, [narrow]: { display: 'block' } },
  feature: { width: '14%' },
  users: { width: '64px' },
  state: { width: '168px', [narrow]: { width: '148px' }, [veryNarrow]: { width: '112px' } },
  action: { width: '92px' },
});

interface Props {
  readonly rows: readonly PermissionRow[];
  /** Features of the organization. */
  readonly needed: readonly Capability[];
  readonly usersOf: (capability: Capability) => number;
  /** Absent where nothing can be changed from here. */
  readonly onChange?: ((change: RoleChange) => void) | undefined;
}

/** Each permission: what it is for, what it can read, whom it touches, whether it is granted, and its one verb. */
export function PermissionTable({ rows, needed, usersOf, onChange }: Props) {
  const styles = useStyles();
  const texts = useTexts();
  const format = useFormat();
  const words = texts.consent;
  const featureOf = ({ permission, capability }: PermissionRow) => {
    if (capability) return texts.capability[capability];
    return isOfDirectory(permission) ? words.featureDirectory : words.featureNone;
  };
  return (
    <Table aria-label={words.table}>
      <TableHeader>
        <TableRow>
          <TableHeaderCell className={mergeClasses(styles.wide, styles.feature)}>
            {words.columns.feature}
          </TableHeaderCell>
          <TableHeaderCell>{words.columns.permission}</TableHeaderCell>
          <TableHeaderCell className={styles.wide}>{words.columns.reads}</TableHeaderCell>
          <TableHeaderCell className={mergeClasses(styles.wide, styles.users)}>{words.columns.users}</TableHeaderCell>
          <TableHeaderCell className={styles.state}>{words.columns.state}</TableHeaderCell>
          {onChange && <TableHeaderCell className={styles.action}>{words.columns.action}</TableHeaderCell>}
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map((row) => {
          const { permission, capability, state, resourceName } = row;
          const power = tierZeroPower(permission);
          const reads = power ? words.tierZeroPower[power] : (words.reads[permission] ?? words.readsUnknown);
          const verb = verbOf(row, needed);
          return (
            <TableRow
              key={`${permission} ${row.resourceAppId ?? ''}`}
              className={state === 'excess' ? styles.excess : undefined}
            >
              <TableCell className={mergeClasses(styles.cell, styles.wide, styles.feature)}>{featureOf(row)}</TableCell>
              <TableCell className={styles.cell}>
                <div className={styles.permission}>
                  <span className={styles.mono}>{permission}</span>
                  {resourceName && <span className={styles.small}>{words.roles.of(resourceName)}</span>}
                  {power && <strong className={styles.small}>{words.tierZeroMark}</strong>}
                  <span className={styles.below}>
                    {featureOf(row)} · {reads}
                  </span>
                </div>
              </TableCell>
              <TableCell className={mergeClasses(styles.cell, styles.wide)}>{reads}</TableCell>
              <TableCell className={mergeClasses(styles.cell, styles.wide, styles.users)}>
                {capability ? format.number(usersOf(capability)) : '–'}
              </TableCell>
              <TableCell className={mergeClasses(styles.cell, styles.state)}>
                <IconLabel {...appearance[state]}>{words.permissionState[state]}</IconLabel>
              </TableCell>
              {onChange && (
                <TableCell className={mergeClasses(styles.cell, styles.action)}>
                  {verb && (
                    <Button
                      size="small"
                      aria-label={(verb === 'grant' ? words.roles.grantName : words.roles.removeName)(permission)}
                      onClick={() => onChange({ verb, row })}
                    >
                      {words.roles[verb]}
                    </Button>
                  )}
                </TableCell>
              )}
            </TableRow>
          );
        })}
      </TableBody>
    </Table>
  );
}

/**
 * The one thing to do with a permission. What Microsoft is still spreading is left alone until it has an end, and what a
 * role in Exchange opens must not be granted beside it: that would open every mailbox.
 */
function verbOf({ permission, state }: PermissionRow, needed: readonly Capability[]): RoleChange['verb'] | undefined {
  if (state === 'granted' || state === 'excess') return 'remove';
  const isMissing = state === 'missing' || state === 'unknown';
  return isMissing && !isTierZero(permission) && isGrantable(permission, needed) ? 'grant' : undefined;
}
