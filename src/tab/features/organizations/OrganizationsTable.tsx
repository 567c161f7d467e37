import {
  Badge,
  Link,
  makeStyles,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  tokens,
} from '@fluentui/react-components';
import type { Organization } from '../../../contract/organizations.ts';
import type { OrganizationId } from '../../../domain/ids.ts';
import { useFormat, useTexts } from '../../texts/texts-context.tsx';
import { ImpersonationLabel } from '../../ui/ImpersonationLabel.tsx';
import { MailboxSplit } from '../../ui/MailboxSplit.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Panel } from '../../ui/Panel.tsx';

interface Props {
  readonly organizations: readonly Organization[];
  readonly hrefOf: (id: OrganizationId) => string;
  readonly onOpen: (id: OrganizationId) => void;
}

const useStyles = makeStyles({
  panel: { padding: 0, overflow: 'hidden' },
  row: { height: '44px', cursor: 'pointer' },
  words: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, minWidth: 0 },
  link: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  quiet: { color: tokens.colorNeutralForeground2 },
  name: { width: '20%', '@media (max-width: 560px)': { width: 'auto' } },
  split: { width: '22%', '@media (max-width: 640px)': { display: 'none' } },
  last: { width: '120px', '@media (max-width: 1100px)': { display: 'none' } },
  number: { width: '72px', textAlign: 'end', fontVariantNumeric: 'tabular-nums', justifyContent: 'end' },
  numberHead: { width: '72px', '& > *': { justifyContent: 'end' } },
  wide: { '@media (max-width: 1100px)': { display: 'none' } },
  medium: { '@media (max-width: 560px)': { display: 'none' } },
});

export function OrganizationsTable({ organizations, hrefOf, onOpen }: Props) {
  const styles = useStyles();
  const texts = useTexts();
  const { number } = useFormat();
  const words = texts.organizations;
  return (
    <Panel className={styles.panel}>
      <Table aria-label={words.title}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell className={styles.name}>{words.name}</TableHeaderCell>
            <TableHeaderCell className={styles.wide}>{words.externalId}</TableHeaderCell>
            <TableHeaderCell className={styles.wide}>{words.connection}</TableHeaderCell>
            <TableHeaderCell className={styles.numberHead}>{words.users}</TableHeaderCell>
            <TableHeaderCell className={styles.split}>{words.mailboxes}</TableHeaderCell>
            <TableHeaderCell className={styles.medium}>{words.impersonationStatus}</TableHeaderCell>
            <TableHeaderCell className={styles.last}>{words.lastCheck}</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {organizations.map((organization) => (
            <TableRow key={organization.id} className={styles.row} onClick={() => onOpen(organization.id)}>
              <TableCell className={styles.name}>
                <span className={styles.words}>
                  <Link
                    className={styles.link}
                    href={hrefOf(organization.id)}
                    onClick={(event) => {
                      event.preventDefault();
                      event.stopPropagation();
                      onOpen(organization.id);
                    }}
                  >
                    {organization.name}
                  </Link>
                  {organization.isDefault && (
                    <Badge appearance="tint" color="subtle">
                      {words.default}
                    </Badge>
                  )}
                  {organization.clientId === null && (
                    <Badge appearance="tint" color="danger">
                      {words.notConfigured}
                    </Badge>
                  )}
                </span>
              </TableCell>
              <TableCell className={styles.wide}>{organization.externalId}</TableCell>
              <TableCell className={styles.wide}>{texts.connection[organization.connectionType]}</TableCell>
              <TableCell className={styles.number}>{number(organization.userCount)}</TableCell>
              <TableCell className={styles.split}>
                <MailboxSplit counts={organization.accessCounts} />
              </TableCell>
              <TableCell className={styles.medium}>
                <ImpersonationLabel state={organization.consentState} />
              </TableCell>
              <TableCell className={styles.last}>
                {organization.lastCheckAt ? (
                  <Moment at={organization.lastCheckAt} />
                ) : (
                  <span className={styles.quiet}>{texts.common.never}</span>
                )}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Panel>
  );
}
