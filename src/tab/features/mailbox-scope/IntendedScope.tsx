import { makeStyles, Subtitle2Stronger, Text, tokens } from '@fluentui/react-components';
import type { MailboxScope } from '../../../contract/mailbox-scope.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { FactList } from '../../ui/FactList.tsx';
import { Moment } from '../../ui/Moment.tsx';

const useStyles = makeStyles({
  root: { display: 'grid', alignContent: 'start', gap: tokens.spacingVerticalS, minWidth: 0 },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** What the admin wants. */
export function IntendedScope({ intent }: { intent: MailboxScope['intent'] }) {
  const styles = useStyles();
  const { common, scope } = useTexts();
  const words = scope.intended;
  return (
    <div className={styles.root}>
      <Subtitle2Stronger as="h3">{words.title}</Subtitle2Stronger>
      {!intent && (
        <>
          <Text>{words.none}</Text>
          <Text className={styles.quiet}>{words.noneText}</Text>
        </>
      )}
      {intent && (
        <FactList
          facts={[
            {
              name: words.group,
              value: (
                <>
                  {intent.group.displayName} <span className={styles.quiet}>{intent.group.address}</span>
                </>
              ),
            },
            { name: words.list, value: scope.list[intent.list] },
            { name: words.count, value: common.mailboxes(intent.mailboxes) },
            { name: words.nested, value: intent.includesNested ? words.nestedYes : words.nestedNo },
            { name: words.mechanism, value: scope.mechanism[intent.mechanism] },
            {
              name: words.set,
              value: (
                <>
                  <Moment at={intent.setAt} as="dateTime" /> {intent.setBy && words.by(intent.setBy.displayName)}
                </>
              ),
            },
          ]}
        />
      )}
    </div>
  );
}
