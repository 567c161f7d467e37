import { makeStyles, Subtitle2Stronger, Text, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { type getScopeDifferences, mostCountedDifferences } from '../../../contract/assignment-rules.ts';
import type { Answer } from '../../../contract/endpoint.ts';
import type { OrganizationId, UserId } from '../../../domain/ids.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { QueryView } from '../../ui/QueryView.tsx';
import { Section } from '../../ui/Section.tsx';
import { useScopeDifferences } from './use-assignment-rules.ts';

interface Props {
  readonly organizationId: OrganizationId;
  /** The way to the limit itself. */
  readonly limitLink: ReactNode;
  readonly userLinkOf: (userId: UserId, name: string) => ReactNode;
}

type Difference = Answer<typeof getScopeDifferences>['notHere'];

const useStyles = makeStyles({
  sides: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(280px, 100%), 1fr))',
    gap: tokens.spacingHorizontalXXL,
  },
  side: { display: 'grid', alignContent: 'start', gap: tokens.spacingVerticalS, minWidth: 0 },
  list: { display: 'grid', maxHeight: '240px', margin: 0, padding: 0, overflowY: 'auto', listStyleType: 'none' },
  person: { paddingBlock: tokens.spacingVerticalXXS, overflowWrap: 'anywhere' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** How the organization and the limit of the application differ, in people, both ways. */
export function ScopeDifferencesSection({ organizationId, limitLink, userLinkOf }: Props) {
  const styles = useStyles();
  const { assignmentRules } = useTexts();
  const words = assignmentRules.differences;
  const query = useScopeDifferences(organizationId);
  return (
    <Section title={words.title} anchor="scope-differences" actions={limitLink}>
      <QueryView query={query}>
        {({ limit, outsideScope, notHere }) => (
          <Panel>
            {!limit && <Text>{words.notLimited}</Text>}
            {limit && (
              <>
                <Text>
                  {words.limit(limit.list, limit.groupName)}{' '}
                  <span className={styles.quiet}>
                    {limit.readAt ? (
                      <>
                        {words.readAt} <Moment at={limit.readAt} />.
                      </>
                    ) : (
                      words.neverRead
                    )}
                  </span>
                </Text>
                <div className={styles.sides}>
                  <Side
                    title={words.outsideTitle}
                    sentence={words.outside}
                    remedy={words.outsideRemedy[limit.list](limit.groupName)}
                    difference={outsideScope}
                    linkOf={userLinkOf}
                  />
                  <Side
                    title={words.notHereTitle}
                    sentence={words.notHere}
                    remedy={words.notHereRemedy[limit.list](limit.groupName)}
                    difference={notHere}
                  />
                </div>
              </>
            )}
          </Panel>
        )}
      </QueryView>
    </Section>
  );
}

interface SideProps {
  readonly title: string;
  readonly sentence: (count: string, isOne: boolean) => string;
  readonly remedy: string;
  readonly difference: Difference;
  /** Absent where they are in no organization, so that there is nothing to open. */
  readonly linkOf?: Props['userLinkOf'];
}

function Side({ title, sentence, remedy, difference: { people, examples }, linkOf }: SideProps) {
  const styles = useStyles();
  const { assignmentRules } = useTexts();
  const words = assignmentRules.differences;
  const count = people === mostCountedDifferences ? words.orMore(people) : words.count(people);
  return (
    <div className={styles.side}>
      <Subtitle2Stronger as="h3">{title}</Subtitle2Stronger>
      {people === 0 && <Text>{words.none}</Text>}
      {people > 0 && (
        <>
          <Text>{sentence(count, people === 1)}</Text>
          <Text>{remedy}</Text>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
          <ul className={styles.list} aria-label={title} tabIndex={0}>
            {examples.map(({ userId, displayName, address }) => (
              <li key={userId} className={styles.person}>
                {linkOf ? linkOf(userId, displayName) : <Text>{displayName}</Text>}{' '}
                <Text size={200} className={styles.quiet}>
                  {address}
                </Text>
              </li>
            ))}
          </ul>
          {people > examples.length && <Text className={styles.quiet}>{words.andOthers}</Text>}
        </>
      )}
    </div>
  );
}
