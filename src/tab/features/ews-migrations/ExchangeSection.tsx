import {
  Button,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components';
import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync';
import { CodeRegular } from '@fluentui/react-icons/svg/code';
import { useState } from 'react';
import type { EwsCockpit } from '../../../contract/ews-migrations.ts';
import { isListed } from '../../../domain/ews-migration/ews-access.ts';
import type { EwsListChange } from '../../../domain/exchange-plan/ews-plan.ts';
import type { AppId } from '../../../domain/ids.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { CommandErrorBar } from '../../ui/CommandErrorBar.tsx';
import { FactList } from '../../ui/FactList.tsx';
import { Moment } from '../../ui/Moment.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { ResultDrop } from '../../ui/ResultDrop.tsx';
import { ScriptBox } from '../../ui/ScriptBox.tsx';
import { Section } from '../../ui/Section.tsx';
import { useToast } from '../../ui/toast.tsx';
import { isAppId } from './entries.ts';
import { useEwsExchange } from './use-ews-migrations.ts';

const useStyles = makeStyles({
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'end', gap: tokens.spacingHorizontalS },
  app: { width: '340px', maxWidth: '100%' },
  entries: { display: 'grid', margin: 0, padding: 0, listStyleType: 'none' },
});

/** The tenant's switch and allow-list as they were read, what they mean, and scripts that change one entry. */
export function ExchangeSection({ cockpit }: { cockpit: EwsCockpit }) {
  const { exchange: words } = useTexts().ews;
  const exchange = useEwsExchange();
  const { reading, standing, isSafeToRemove } = cockpit;
  return (
    <Section title={words.title} anchor="exchange">
      {isSafeToRemove && (
        <MessageBar intent="success" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{words.safeTitle}</MessageBarTitle>
            {words.safeText}
          </MessageBarBody>
        </MessageBar>
      )}
      {reading?.userAgentPolicy && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{words.userAgentTitle}</MessageBarTitle>
            {words.userAgentText}
          </MessageBarBody>
        </MessageBar>
      )}
      <Panel>
        <Text weight="semibold">{standing ? words.standing[standing] : words.notRead}</Text>
        {reading && <Reading reading={reading} ewsAppId={cockpit.ewsAppId} />}
        <ExchangeActions cockpit={cockpit} exchange={exchange} />
      </Panel>
    </Section>
  );
}

function Reading({ reading, ewsAppId }: { reading: NonNullable<EwsCockpit['reading']>; ewsAppId: AppId }) {
  const styles = useStyles();
  const { exchange: words } = useTexts().ews;
  const { enabled, allowedAppIds, userAgentPolicy, allowedUserAgents, blockedUserAgents } = reading;
  const { on, off, notSet } = words.switchState;
  const agents = userAgentPolicy === 'EnforceAllowList' ? allowedUserAgents : blockedUserAgents;
  return (
    <FactList
      facts={[
        { name: words.switch, value: enabled === null ? notSet : enabled ? on : off },
        {
          name: words.list,
          value:
            allowedAppIds.length === 0 ? (
              words.emptyList
            ) : (
              <ul className={styles.entries} aria-label={words.list}>
                {allowedAppIds.map((entry) => (
                  <li key={entry}>{isListed([entry], ewsAppId) ? `${entry} (${words.thisOne})` : entry}</li>
                ))}
              </ul>
            ),
        },
        {
          name: words.userAgents,
          value: userAgentPolicy ? words.userAgentPolicy[userAgentPolicy](agents) : words.noUserAgents,
        },
        { name: words.readAt, value: <Moment at={reading.readAt} /> },
      ]}
    />
  );
}

interface ActionProps {
  readonly cockpit: EwsCockpit;
  readonly exchange: ReturnType<typeof useEwsExchange>;
}

function ExchangeActions({ cockpit, exchange: { read, script, bring } }: ActionProps) {
  const styles = useStyles();
  const { exchange: words, start } = useTexts().ews;
  const toast = useToast();
  const [appId, setAppId] = useState<string>(cockpit.ewsAppId);
  const done = () => toast(words.done);
  const { reading, onEws, gateway } = cockpit;
  const isInList = reading ? isListed(reading.allowedAppIds, appId.trim()) : false;
  const changes: EwsListChange[] = [
    ...(isInList ? [] : (['add'] as const)),
    ...(reading?.enabled === true && isInList ? [] : (['add_and_switch_on'] as const)),
    ...(isInList && onEws === 0 ? (['remove'] as const) : []),
  ];
  const wanted = script.variables;
  const change = typeof wanted === 'object' ? wanted.change : undefined;
  return (
    <>
      <div className={styles.line}>
        {gateway !== 'off' && (
          <Button
            icon={<ArrowSyncRegular />}
            disabledFocusable={read.isPending}
            onClick={() => read.mutate(undefined, { onSuccess: done })}
          >
            {read.isPending ? words.reading : words.read}
          </Button>
        )}
        <Button icon={<CodeRegular />} disabledFocusable={script.isPending} onClick={() => script.mutate('read')}>
          {words.readScript}
        </Button>
      </div>
      <div className={styles.line}>
        <Field
          className={styles.app}
          label={words.app}
          validationState={isAppId(appId) ? 'none' : 'error'}
          validationMessage={isAppId(appId) ? undefined : start.invalidId}
        >
          <Input spellCheck={false} maxLength={40} value={appId} onChange={(_, { value }) => setAppId(value)} />
        </Field>
        {changes.map((one) => (
          <Button
            key={one}
            icon={<CodeRegular />}
            disabledFocusable={script.isPending || !isAppId(appId)}
            onClick={() => script.mutate({ change: one, appId: appId.trim() as AppId })}
          >
            {words.change[one]}
          </Button>
        ))}
      </div>
      <CommandErrorBar mutation={read} />
      <CommandErrorBar mutation={script} />
      {script.data && (
        <>
          <Text>{change ? words.changeText : words.scriptText}</Text>
          {change === 'add_and_switch_on' && <Text weight="semibold">{words.switchOnText}</Text>}
          <ScriptBox script={script.data} isPrimary />
          <CommandErrorBar mutation={bring} />
          <ResultDrop
            isPending={bring.isPending}
            onText={(text) =>
              bring.mutate(text, {
                onSuccess: () => {
                  done();
                  script.reset();
                },
              })
            }
          />
        </>
      )}
    </>
  );
}
