import { makeStyles, Subtitle2, Text, tokens } from '@fluentui/react-components';
import { ArrowRightRegular } from '@fluentui/react-icons/svg/arrow-right';
import { useEffect, useRef } from 'react';
import type { ScopePreview } from '../../../contract/mailbox-scope.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ProblemList } from './ProblemList.tsx';
import { useReachSentence } from './ReachLine.tsx';
import { useNameList } from './use-name-list.ts';

const useStyles = makeStyles({
  root: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalL },
  part: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalXS },
  compare: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) 20px minmax(0, 1fr)',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    padding: tokens.spacingHorizontalM,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    '& svg': { fontSize: '20px', color: tokens.colorNeutralForeground3 },
    '@media (max-width: 480px)': { gridTemplateColumns: 'minmax(0, 1fr)', '& svg': { rotate: '90deg' } },
  },
  side: { display: 'grid', gap: tokens.spacingVerticalXXS },
  list: { display: 'grid', gap: tokens.spacingVerticalXXS, margin: 0, paddingInlineStart: tokens.spacingHorizontalXL },
  mono: { fontFamily: tokens.fontFamilyMonospace, overflowWrap: 'anywhere' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** What a limit would change: before and after, who loses and gains, what stands against it, what would be done. */
export function PreviewView({ preview }: { preview: ScopePreview }) {
  const styles = useStyles();
  const { scope } = useTexts();
  const words = scope.preview;
  const nameList = useNameList();
  const sentence = useReachSentence();
  const { group, directMembers, nestedGroups, nestedMembers, loses, gains, problems, grantsToRemove, steps } = preview;
  const people = (side: ScopePreview['loses'], some: string, nobody: string) => (
    <div className={styles.side}>
      <Text weight="semibold">{side.count > 0 ? some : nobody}</Text>
      {side.examples.length > 0 && (
        <Text className={styles.quiet}>
          {words.examples(nameList(side.examples.map(({ displayName }) => displayName)))}
        </Text>
      )}
    </div>
  );
  // The answer to the click stands below the fold of the drawer.
  const root = useRef<HTMLElement>(null);
  useEffect(() => {
    root.current?.scrollIntoView({ block: 'start' });
  }, []);
  return (
    <section ref={root} className={styles.root} aria-label={words.title}>
      <Subtitle2 as="h3">{words.title}</Subtitle2>
      <div className={styles.compare}>
        <div className={styles.side}>
          <Text className={styles.quiet}>{words.now}</Text>
          <Text>{sentence(preview.now)}</Text>
        </div>
        <ArrowRightRegular />
        <div className={styles.side}>
          <Text className={styles.quiet}>{words.after}</Text>
          <Text weight="semibold">{sentence(preview.after)}</Text>
        </div>
      </div>
      {problems.length > 0 && (
        <div className={styles.part}>
          <Text weight="semibold">{words.problems}</Text>
          <ProblemList label={words.problems} problems={problems} />
        </div>
      )}
      {people(loses, words.loses(loses.count), words.losesNobody)}
      {people(gains, words.gains(gains.count), words.gainsNobody)}
      <div className={styles.side}>
        <Text weight="semibold">
          {group.displayName} · {scope.groupKind[group.kind]}
        </Text>
        <Text className={styles.quiet}>
          {[words.members(directMembers), nestedMembers > 0 && words.nestedMembers(nestedMembers)]
            .filter(Boolean)
            .join(' · ')}
          {nestedGroups.length > 0 && `: ${nameList(nestedGroups.map(({ displayName }) => displayName))}`}
        </Text>
      </div>
      {grantsToRemove.length > 0 && (
        <div className={styles.part}>
          <Text weight="semibold">{words.grants}</Text>
          <Text className={styles.mono}>{nameList(grantsToRemove.map(({ permission }) => permission))}</Text>
        </div>
      )}
      <div className={styles.part}>
        <Text weight="semibold">{words.steps}</Text>
        {steps.length === 0 && <Text>{words.nothing}</Text>}
        <ol className={styles.list}>
          {steps.map(({ kind, subject }) => (
            <li key={`${kind} ${subject}`}>
              {scope.report.kind[kind] ?? kind}: {subject}
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}
