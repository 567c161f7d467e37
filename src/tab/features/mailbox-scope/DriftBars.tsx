import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components';
import type { MailboxScope } from '../../../contract/mailbox-scope.ts';
import type { ScopeDriftId } from '../../../domain/ids.ts';
import { useFormat, useTexts } from '../../texts/texts-context.tsx';
import { Moment } from '../../ui/Moment.tsx';

type Drift = MailboxScope['drifts'][number];

interface Props {
  readonly drifts: readonly Drift[];
  readonly isPending: boolean;
  readonly onDismiss: (driftId: ScopeDriftId) => void;
}

/** Changes after which the application reaches more than before. */
const widening: ReadonlySet<Drift['what']> = new Set([
  'grant_added',
  'policy_removed',
  'assignment_added',
  'scope_changed',
  'group_changed',
  'mailboxes_exposed',
]);

const useStyles = makeStyles({
  root: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalS },
  bar: { paddingBlock: tokens.spacingVerticalXS },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** What changed in Microsoft 365 and not here: one bar for each, until it is dismissed. */
export function DriftBars({ drifts, isPending, onDismiss }: Props) {
  const styles = useStyles();
  const texts = useTexts();
  const { drift: words } = texts.scope;
  const { list } = useFormat();
  if (drifts.length === 0) return null;
  return (
    <section className={styles.root} aria-label={words.title}>
      {drifts.map(({ id, what, subject, capabilities, by, foundAt }) => {
        const title = words.what[what](subject);
        const features = list(capabilities.map((capability) => texts.capability[capability]));
        const isWider = widening.has(what);
        return (
          <MessageBar key={id} className={styles.bar} intent={what === 'mailboxes_exposed' ? 'error' : 'warning'}>
            <MessageBarBody>
              <MessageBarTitle>{title}</MessageBarTitle>
              {features && (isWider ? words.reaches(features) : words.stops(features))}{' '}
              <Text className={styles.quiet}>
                {words.found} <Moment at={foundAt} />
                {by && ` · ${words.by(by)}`}
              </Text>
            </MessageBarBody>
            <MessageBarActions>
              <Button
                disabledFocusable={isPending}
                aria-label={words.dismissNamed(title)}
                onClick={() => onDismiss(id)}
              >
                {words.dismiss}
              </Button>
            </MessageBarActions>
          </MessageBar>
        );
      })}
    </section>
  );
}
