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
import { BuildingRegular } from '@fluentui/react-icons/svg/building';
import type { EwsCockpit } from '../../../contract/ews-migrations.ts';
import type { OrganizationId } from '../../../domain/ids.ts';
import { useFormat, useTexts } from '../../texts/texts-context.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';

type Organization = EwsCockpit['organizations'][number];

interface Props {
  readonly organizations: readonly Organization[];
  /** Whether a migration of the organization goes on. */
  readonly isUnderWay: (id: OrganizationId) => boolean;
  readonly onStart: (organization: Organization) => void;
}

const useStyles = makeStyles({
  panel: { padding: 0, overflow: 'hidden' },
  row: { height: '44px' },
  name: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', display: 'block' },
  number: { width: '112px', textAlign: 'end', fontVariantNumeric: 'tabular-nums', justifyContent: 'end' },
  numberHead: { width: '112px', '& > *': { justifyContent: 'end' } },
  wide: { '@media (max-width: 720px)': { display: 'none' } },
  action: { width: '240px', '@media (max-width: 720px)': { width: '136px' } },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** How many users of each organization are still on Exchange Web Services, and the way off. */
export function EwsOrganizations({ organizations, isUnderWay, onStart }: Props) {
  const styles = useStyles();
  const { organizations: words } = useTexts().ews;
  const { number } = useFormat();
  if (organizations.length === 0) {
    return <EmptyState Icon={BuildingRegular} title={words.emptyTitle} text={words.emptyText} />;
  }
  return (
    <Panel className={styles.panel}>
      <Table aria-label={words.title}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell>{words.name}</TableHeaderCell>
            <TableHeaderCell className={styles.numberHead}>{words.users}</TableHeaderCell>
            <TableHeaderCell className={styles.numberHead}>{words.onEws}</TableHeaderCell>
            <TableHeaderCell className={mergeClasses(styles.numberHead, styles.wide)}>
              {words.onPremises}
            </TableHeaderCell>
            <TableHeaderCell className={styles.action}>{words.action}</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {organizations.map((organization) => {
            const { id, name, users, onEws, onPremises } = organization;
            return (
              <TableRow key={id} className={styles.row}>
                <TableCell>
                  <span className={styles.name}>{name}</span>
                </TableCell>
                <TableCell className={styles.number}>{number(users)}</TableCell>
                <TableCell className={styles.number}>
                  {users === 0 ? number(0) : words.share(onEws, Math.ceil((100 * onEws) / users))}
                </TableCell>
                <TableCell className={mergeClasses(styles.number, styles.wide)}>{number(onPremises)}</TableCell>
                <TableCell className={styles.action}>
                  <Action organization={organization} isUnderWay={isUnderWay(id)} onStart={onStart} />
                </TableCell>
              </TableRow>
            );
          })}
        </TableBody>
      </Table>
    </Panel>
  );
}

function Action({
  organization,
  isUnderWay,
  onStart,
}: Pick<Props, 'onStart'> & { readonly organization: Organization; readonly isUnderWay: boolean }) {
  const styles = useStyles();
  const { organizations: words } = useTexts().ews;
  const { name, onEws, connectionType } = organization;
  if (isUnderWay) return <span className={styles.quiet}>{words.running}</span>;
  if (onEws === 0) return <span className={styles.quiet}>{words.done}</span>;
  if (connectionType !== 'graph_app_only') return <span className={styles.quiet}>{words.convertFirst}</span>;
  return (
    <Button size="small" aria-label={words.startFor(name)} onClick={() => onStart(organization)}>
      {words.start}
    </Button>
  );
}
