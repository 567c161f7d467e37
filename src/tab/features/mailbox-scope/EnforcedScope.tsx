import { makeStyles, Subtitle2Stronger, Text, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { MailboxScope } from '../../../contract/mailbox-scope.ts';
import { useFormat, useTexts } from '../../texts/texts-context.tsx';
import { FactList } from '../../ui/FactList.tsx';
import { Moment } from '../../ui/Moment.tsx';

interface Props {
  readonly enforced: MailboxScope['enforced'];
  /** How it is read, or read anew. */
  readonly action: ReactNode;
}

const useStyles = makeStyles({
  root: { display: 'grid', alignContent: 'start', justifyItems: 'start', gap: tokens.spacingVerticalS, minWidth: 0 },
  list: { display: 'grid', gap: tokens.spacingVerticalXXS, margin: 0, padding: 0, listStyleType: 'none' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** Policies and roles in plain words, when they were read and from what. */
export function EnforcedScope({ enforced, action }: Props) {
  const styles = useStyles();
  const words = useTexts().scope.enforced;
  const { list } = useFormat();
  const facts = enforced && [
    enforced.policies.length > 0 && {
      name: words.policies,
      value: (
        <ul className={styles.list}>
          {enforced.policies.map(({ accessRight, groupName, description }) => (
            <li key={`${accessRight} ${groupName}`}>
              {words.policy[accessRight](groupName)}
              {description.trim() && <span className={styles.quiet}> · {description}</span>}
            </li>
          ))}
        </ul>
      ),
    },
    enforced.assignments.length > 0 && {
      name: words.assignments,
      value: (
        <ul className={styles.list}>
          {enforced.assignments.map(({ name, role, scope, covers, groupNames }) => (
            <li key={name} title={name}>
              {role}: {words.covers[covers](list(groupNames), scope)}
            </li>
          ))}
        </ul>
      ),
    },
  ];
  const known = facts?.filter((fact) => fact !== false) ?? [];
  return (
    <div className={styles.root}>
      <Subtitle2Stronger as="h3">{words.title}</Subtitle2Stronger>
      {!enforced && (
        <>
          <Text>{words.never}</Text>
          <Text className={styles.quiet}>{words.neverText}</Text>
        </>
      )}
      {enforced && (
        <>
          {known.length > 0 ? <FactList facts={known} /> : <Text>{words.nothing}</Text>}
          {enforced.servicePrincipal !== 'present' && <Text>{words.servicePrincipal[enforced.servicePrincipal]}</Text>}
          <Text className={styles.quiet}>
            {words.read} <Moment at={enforced.readAt} /> {words.source[enforced.source]}
          </Text>
        </>
      )}
      {action}
    </div>
  );
}
