import { makeStyles, Text, tokens } from '@fluentui/react-components';
import type { ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import type { CheckId, OrganizationId } from '../../../domain/ids.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { QueryView } from '../../ui/QueryView.tsx';
import { Section } from '../../ui/Section.tsx';
import { CheckView } from './CheckView.tsx';
import type { CheckLinks } from './check-links.ts';
import { EarlierChecks } from './EarlierChecks.tsx';
import type { useStartCheck } from './use-check-commands.ts';
import { type useLatestCheck, useRecentChecks } from './use-connectivity-check.ts';

interface Props {
  readonly organizationId: OrganizationId;
  readonly check: ReturnType<typeof useLatestCheck>;
  readonly start: ReturnType<typeof useStartCheck>;
  readonly isGranted: boolean;
  readonly linksOf: (check: ConnectivityCheck) => CheckLinks;
  readonly hrefOf: (checkId: CheckId) => string;
  readonly onOpen: (checkId: CheckId) => void;
  readonly onToConsent: () => void;
}

const mostEarlier = 10;

const useStyles = makeStyles({
  root: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalM },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** The check of everybody: never run, under way, or what it found; and the checks before it. */
export function CheckSection({ check, start, organizationId, isGranted, linksOf, hrefOf, onOpen, onToConsent }: Props) {
  const styles = useStyles();
  const { check: words } = useTexts();
  const { latest, isRunning, stream } = check;
  const { recent, part, stream: partStream } = useRecentChecks(organizationId);
  const broken = stream.error ? stream : partStream.error ? partStream : undefined;
  const viewOf = (shown: ConnectivityCheck) => (
    <CheckView
      key={shown.id}
      check={shown}
      links={linksOf(shown)}
      isNamed={shown.scope === 'organization'}
      isGranted={isGranted}
      onToConsent={onToConsent}
    />
  );
  return (
    <>
      <Section title={words.section} anchor="check">
        <div className={styles.root}>
          {start.error && <ErrorBar error={start.error} />}
          {broken && <ErrorBar error={broken.error} onTryAgain={() => void broken.refetch?.()} />}
          {start.data?.joined && isRunning && <Text>{words.joined}</Text>}
          {part && <Panel>{viewOf(part)}</Panel>}
          <QueryView query={latest}>
            {(shown) => <Panel>{shown ? viewOf(shown) : <Text className={styles.quiet}>{words.never}</Text>}</Panel>}
          </QueryView>
        </div>
      </Section>
      <Section title={words.earlier.title} anchor="earlier-checks">
        <QueryView query={recent}>
          {(checks) => (
            <EarlierChecks
              checks={checks.filter(({ id }) => id !== check.check?.id && id !== part?.id).slice(0, mostEarlier)}
              hrefOf={hrefOf}
              onOpen={onOpen}
            />
          )}
        </QueryView>
      </Section>
    </>
  );
}
