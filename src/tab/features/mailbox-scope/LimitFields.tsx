import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Field,
  makeStyles,
  Radio,
  RadioGroup,
  Switch,
  Text,
  tokens,
} from '@fluentui/react-components';
import { lists } from '../../../contract/mailbox-scope.ts';
import type { GroupId } from '../../../domain/ids.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { GroupChoice } from './GroupChoice.tsx';
import type { WantedLimit } from './use-scope-preview.ts';

/** A limit while it is being chosen. */
export type LimitDraft = Omit<WantedLimit, 'groupId'> & { readonly groupId: GroupId | undefined };

interface Props {
  readonly draft: LimitDraft;
  readonly onChange: (draft: LimitDraft) => void;
}

const useStyles = makeStyles({
  root: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalL },
  part: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: tokens.spacingVerticalXS },
  choice: { display: 'grid' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** Which mailboxes, which group, and by which mechanism. */
export function LimitFields({ draft, onChange }: Props) {
  const styles = useStyles();
  const { scope } = useTexts();
  const words = scope.limit;
  const isPolicy = draft.mechanism === 'application_access_policy';
  const choice = (title: string, text: string) => (
    <span className={styles.choice}>
      <span>{title}</span>
      <Text size={200} className={styles.quiet}>
        {text}
      </Text>
    </span>
  );
  return (
    <div className={styles.root}>
      <Field label={words.list}>
        <RadioGroup
          value={draft.list}
          onChange={(_, { value }) => onChange({ ...draft, list: value as LimitDraft['list'] })}
        >
          {lists.map((list) => (
            <Radio
              key={list}
              value={list}
              autoFocus={list === draft.list}
              label={choice(scope.list[list], scope.listText[list])}
            />
          ))}
        </RadioGroup>
      </Field>
      <div className={styles.part}>
        <Text>{words.group}</Text>
        <GroupChoice onChoose={(groupId) => onChange({ ...draft, groupId })} />
        <Text size={200} className={styles.quiet}>
          {words.groupHint}
        </Text>
      </div>
      <div className={styles.part}>
        <Switch
          label={words.nested}
          checked={isPolicy || draft.includeNested}
          disabled={isPolicy}
          onChange={(_, { checked }) => onChange({ ...draft, includeNested: checked })}
        />
        <Text size={200} className={styles.quiet}>
          {isPolicy ? words.nestedPolicy : words.nestedText}
        </Text>
      </div>
      <Accordion collapsible>
        <AccordionItem value="older">
          <AccordionHeader size="small">{words.older}</AccordionHeader>
          <AccordionPanel>
            <Field label={scope.intended.mechanism}>
              <RadioGroup
                value={draft.mechanism}
                onChange={(_, { value }) => onChange({ ...draft, mechanism: value as LimitDraft['mechanism'] })}
              >
                <Radio value="role_assignments" label={choice(words.recommended, words.recommendedText)} />
                <Radio value="application_access_policy" label={choice(words.policy, words.policyText)} />
              </RadioGroup>
            </Field>
          </AccordionPanel>
        </AccordionItem>
      </Accordion>
    </div>
  );
}
