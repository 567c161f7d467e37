import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles, Text, tokens } from '@fluentui/react-components';
import { ClockRegular } from '@fluentui/react-icons/svg/clock';
import type { Consent } from '../../../contract/consent.ts';
import { isAuthorized } from '../../../domain/consent/consent-state.ts';
import { useFormat, useTexts } from '../../texts/texts-context.tsx';
import { Moment } from '../../ui/Moment.tsx';

interface Props {
  readonly change: NonNullable<Consent['change']>;
  readonly state: Consent['state'];
}

const useStyles = makeStyles({ quiet: { color: tokens.colorNeutralForeground2 } });

/** The clock of a change: how long it has been spreading and until when to wait, or how long it took. */
export function ConsentChangeBar({ change, state }: Props) {
  const styles = useStyles();
  const { change: words } = useTexts().consent;
  const format = useFormat();
  const kind = words.kind[change.kind];
  const seconds = change.endedAt ? (Date.parse(change.endedAt) - Date.parse(change.changedAt)) / 1000 : 0;

  if (!change.endedAt) {
    return (
      <MessageBar intent="info" icon={<ClockRegular />}>
        <MessageBarBody>
          <MessageBarTitle>{words.waiting(kind)}</MessageBarTitle>
          {words.since} <Moment at={change.changedAt} as="dateTime" />,{' '}
          {words.expected(format.dateTime(change.expectedBy))}
        </MessageBarBody>
      </MessageBar>
    );
  }
  if (change.outcome === 'not_effective') {
    // What came after the bound came all the same.
    if (isAuthorized(state)) return null;
    return (
      <MessageBar intent="error">
        <MessageBarBody>{words.notEffective(kind, format.dateTime(change.expectedBy))}</MessageBarBody>
      </MessageBar>
    );
  }
  // What was there at the first look took no time that could be measured.
  if (change.outcome !== 'converged' || seconds < 1) return null;
  return <Text className={styles.quiet}>{words.converged(kind, format.duration(seconds))}</Text>;
}
