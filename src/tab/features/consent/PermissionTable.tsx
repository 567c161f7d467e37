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
import {
  directoryPermissions,
  isGrantable,
  isTierZero,
  tierZeroPower,
} from '../../../domain/consent/permission-set.ts';
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

const narrow = '@media (max-width: 640px)';
const useStyles = makeStyles({
  row: { height: '44px' },
  cell: { paddingBlock: tokens.spacingVerticalS },
  excess: {
    backgroundColor: tokens.colorStatusDangerBackground1,
    ':hover': { backgroundColor: tokens.colorStatusDangerBackground1 },
  },
  mono: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere' },
  permission: { display: 'grid', gap: tokens.spacingVerticalXXS },
  resource: { fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere' },
  wide: { [narrow]: { display: 'none' } },
  feature: { width: '14%', [narrow]: { display: 'none' } },
  users: { width: '64px', [narrow]: { display: 'none' } },
  state: { width: '168px', [narrow]: { width: '112px' } },
  action: { width: '96px' },
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
          <TableHeaderCell className={styles.feature}>{words.columns.feature}</TableHeaderCell>
          <TableHeaderCell>{words.columns.permission}</TableHeaderCell>
          <TableHeaderCell className={styles.wide}>{words.columns.reads}</TableHeaderCell>
          <TableHeaderCell className={styles.users}>{words.columns.users}</TableHeaderCell>
          <TableHeaderCell className={styles.state}>{words.columns.state}</TableHeaderCell>
          {onChange && <TableHeaderCell className={styles.action}>{words.columns.action}</TableHeaderCell>}
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map((row) => {
          const { permission, capability, state, resourceName } = row;
          const power = tierZeroPower(permission);
          const verb = verbOf(row, needed);
          return (
            <TableRow
              key={`${permission} ${row.resourceAppId ?? ''}`}
              className={mergeClasses(styles.row, state === 'excess' && styles.excess)}
            >
              <TableCell className={mergeClasses(styles.cell, styles.feature)}>{featureOf(row)}</TableCell>
              <TableCell className={styles.cell}>
                <div className={styles.permission}>
                  <span className={styles.mono}>{permission}</span>
                  {resourceName && <span className={styles.resource}>{words.roles.of(resourceName)}</span>}
                  {power && <strong className={styles.resource}>{words.tierZeroMark}</strong>}
                </div>
              </TableCell>
              <TableCell className={mergeClasses(styles.cell, styles.wide)}>
                {power ? words.tierZeroPower[power] : (words.reads[permission] ?? words.readsUnknown)}
              </TableCell>
              <TableCell className={mergeClasses(styles.cell, styles.users)}>
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

const isOfDirectory = (permission: string) => (directoryPermissions as readonly string[]).includes(permission);

/** The one thing to do with a permission. What Microsoft is still spreading is left alone until it has an end. */
function verbOf({ permission, state }: PermissionRow, needed: readonly Capability[]): RoleChange['verb'] | undefined {
  if (state === 'granted' || state === 'excess') return 'remove';
  const isMissing = state === 'missing' || state === 'unknown' || state === 'by_exchange';
  return isMissing && !isTierZero(permission) && isGrantable(permission, needed) ? 'grant' : undefined;
}
