import { makeStyles, Switch, Text, Tooltip, tokens } from '@fluentui/react-components';
import type { Consent } from '../../../contract/consent.ts';
import type { Organization } from '../../../contract/organizations.ts';
import { type Capability, capabilities, leastPermission } from '../../../domain/mailbox-access/capability.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import { IconLabel } from '../../ui/IconLabel.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Section } from '../../ui/Section.tsx';
import { statusAppearance } from '../../ui/status-appearance.ts';
import { useToast } from '../../ui/toast.tsx';
import { useUpdateOrganization } from './use-organizations.ts';

interface Props {
  readonly organization: Organization;
  /** What the last verification said of each permission. */
  readonly permissions: Consent['permissions'];
}

const useStyles = makeStyles({
  list: { display: 'grid', margin: 0, padding: 0, listStyleType: 'none' },
  item: {
    display: 'grid',
    gridTemplateColumns: 'minmax(160px, 20%) minmax(0, 1fr)',
    gap: tokens.spacingHorizontalL,
    alignItems: 'start',
    minHeight: '44px',
    paddingBlock: tokens.spacingVerticalS,
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    '@media (max-width: 640px)': { gridTemplateColumns: 'minmax(0, 1fr)', gap: 0 },
  },
  words: { display: 'grid', gap: tokens.spacingVerticalXXS, paddingBlock: tokens.spacingVerticalXS },
  mono: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** What the organization uses: one switch per feature, with its permission, its reach and what it would cost. */
export function FeatureSection({ organization, permissions }: Props) {
  const styles = useStyles();
  const texts = useTexts();
  const words = texts.features;
  const toast = useToast();
  const update = useUpdateOrganization(organization.id);
  const { capabilities: on, userCount } = organization;

  const stateOf = (capability: Capability) => permissions.find((one) => one.capability === capability)?.state;
  const set = (capability: Capability, isOn: boolean) => {
    const chosen = capabilities.filter((one) => (one === capability ? isOn : on.includes(one)));
    const say = isOn ? words.switchedOn : words.switchedOff;
    update.mutate({ capabilities: chosen }, { onSuccess: () => toast(say(texts.capability[capability])) });
  };
  return (
    <Section title={words.section} anchor="features">
      <Panel>
        {update.error && <ErrorBar error={update.error} />}
        <Text>{words.intro(userCount)}</Text>
        <ul className={styles.list}>
          {capabilities.map((capability) => {
            const isOn = on.includes(capability);
            const isLast = isOn && on.length === 1;
            const permission = leastPermission(capability);
            const control = (
              <Switch
                label={texts.capability[capability]}
                checked={isOn}
                disabled={update.isPending || isLast}
                onChange={(_, { checked }) => set(capability, checked)}
              />
            );
            return (
              <li key={capability} className={styles.item}>
                {isLast ? (
                  <Tooltip content={words.last} relationship="description" withArrow>
                    <span>{control}</span>
                  </Tooltip>
                ) : (
                  control
                )}
                <div className={styles.words}>
                  <Text>
                    <span className={styles.mono}>{permission}</span>: {texts.consent.reads[permission]}
                  </Text>
                  <Text className={styles.quiet}>{words.without[capability]}</Text>
                  {isOn && stateOf(capability) === 'missing' && (
                    <IconLabel {...statusAppearance.blocked}>{words.missing}</IconLabel>
                  )}
                  {isOn && stateOf(capability) === 'waiting' && (
                    <IconLabel {...statusAppearance.waiting}>{words.waiting}</IconLabel>
                  )}
                </div>
              </li>
            );
          })}
        </ul>
      </Panel>
    </Section>
  );
}
