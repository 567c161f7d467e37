import {
  makeStyles,
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
import type { Consent } from '../../../contract/consent.ts';
import type { GrantState } from '../../../domain/consent/consent-state.ts';
import { directoryPermissions } from '../../../domain/consent/permission-set.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { IconLabel } from '../../ui/IconLabel.tsx';

const appearance = {
  granted: { Icon: CheckmarkCircleFilled, color: tokens.colorPaletteGreenForeground1 },
  by_exchange: { Icon: CheckmarkCircleFilled, color: tokens.colorPaletteGreenForeground1 },
  waiting: { Icon: ClockFilled, color: tokens.colorPaletteBlueForeground2 },
  unknown: { Icon: QuestionCircleFilled, color: tokens.colorNeutralForeground3 },
  missing: { Icon: DismissCircleFilled, color: tokens.colorPaletteRedForeground1 },
  excess: { Icon: WarningFilled, color: tokens.colorPaletteRedForeground1 },
} as const satisfies Record<GrantState, unknown>;

const useStyles = makeStyles({
  row: { height: '44px' },
  mono: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere' },
  wide: { '@media (max-width: 640px)': { display: 'none' } },
  feature: { width: '20%', '@media (max-width: 640px)': { display: 'none' } },
  state: { width: '176px' },
});

/** Each permission: what it is for, what it can read, whether it is granted. */
export function PermissionTable({ permissions }: { permissions: Consent['permissions'] }) {
  const styles = useStyles();
  const texts = useTexts();
  const words = texts.consent;
  const featureOf = ({ permission, capability }: Consent['permissions'][number]) => {
    if (capability) return texts.capability[capability];
    const isDirectory = (directoryPermissions as readonly string[]).includes(permission);
    return isDirectory ? words.featureDirectory : words.featureNone;
  };
  return (
    <Table aria-label={words.table}>
      <TableHeader>
        <TableRow>
          <TableHeaderCell className={styles.feature}>{words.columns.feature}</TableHeaderCell>
          <TableHeaderCell>{words.columns.permission}</TableHeaderCell>
          <TableHeaderCell className={styles.wide}>{words.columns.reads}</TableHeaderCell>
          <TableHeaderCell className={styles.state}>{words.columns.state}</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {permissions.map((item) => (
          <TableRow key={item.permission} className={styles.row}>
            <TableCell className={styles.feature}>{featureOf(item)}</TableCell>
            <TableCell>
              <span className={styles.mono}>{item.permission}</span>
            </TableCell>
            <TableCell className={styles.wide}>{words.reads[item.permission] ?? words.readsUnknown}</TableCell>
            <TableCell className={styles.state}>
              <IconLabel {...appearance[item.state]}>{words.permissionState[item.state]}</IconLabel>
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
