import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  makeStyles,
  Radio,
  RadioGroup,
  Switch,
  Text,
  tokens,
} from '@fluentui/react-components';
import { type SyntheticEvent, useState } from 'react';
import type { AssignmentRule } from '../../../contract/assignment-rules.ts';
import type { Organization } from '../../../contract/organizations.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useRefusedForm } from '../../ui/use-refused-form.ts';
import { RuleGroupChoice } from './RuleGroupChoice.tsx';
import { domainOfText } from './rule-domain.ts';
import { useRuleCommands } from './use-assignment-rules.ts';

interface Props {
  readonly organization: Organization;
  readonly onClose: () => void;
}

type Kind = AssignmentRule['condition']['kind'];

const useStyles = makeStyles({
  content: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    alignContent: 'start',
    gap: tokens.spacingVerticalM,
  },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** A new rule that leads to an organization: by domain or by group. */
export function AddRuleDialog({ organization, onClose }: Props) {
  const styles = useStyles();
  const { assignmentRules: words, common } = useTexts();
  const toast = useToast();
  const { create } = useRuleCommands();
  const { form, refuse } = useRefusedForm();
  const [kind, setKind] = useState<Kind>('domain');
  const [typed, setTyped] = useState('');
  const [isTold, setTold] = useState(false);
  const [group, setGroup] = useState<Extract<AssignmentRule['condition'], { kind: 'group' }>>();
  const [movesHandPlaced, setMovesHandPlaced] = useState(false);
  const domain = domainOfText(typed);
  const condition = kind === 'group' ? group : domain ? ({ kind: 'domain', domain } as const) : undefined;

  const save = (event: SyntheticEvent) => {
    event.preventDefault();
    setTold(true);
    if (!condition) return refuse();
    if (create.isPending) return;
    const request = { params: { organizationId: organization.id }, body: { condition, movesHandPlaced } };
    create.mutate(request, {
      onSuccess: () => {
        toast(words.added);
        onClose();
      },
    });
  };
  const isInvalid = isTold && !domain;
  return (
    <Dialog open onOpenChange={(_, data) => data.open || onClose()}>
      <DialogSurface>
        <form ref={form} onSubmit={save} noValidate>
          <DialogBody>
            <DialogTitle>{words.addTitle}</DialogTitle>
            <DialogContent className={styles.content}>
              <Text className={styles.quiet}>{words.addText(organization.name)}</Text>
              {create.error && <ErrorBar error={create.error} />}
              <Field label={words.by}>
                <RadioGroup layout="horizontal" value={kind} onChange={(_, { value }) => setKind(value as Kind)}>
                  <Radio value="domain" label={words.kind.domain} />
                  <Radio value="group" label={words.kind.group} />
                </RadioGroup>
              </Field>
              {kind === 'domain' ? (
                <Field
                  label={words.domain}
                  hint={words.domainHint}
                  validationMessage={isInvalid ? words.domainInvalid : undefined}
                  validationState={isInvalid ? 'error' : 'none'}
                  required
                >
                  <Input
                    value={typed}
                    maxLength={254}
                    spellCheck={false}
                    onChange={(_, { value }) => setTyped(value)}
                  />
                </Field>
              ) : (
                <RuleGroupChoice group={group} onChoose={setGroup} />
              )}
              <Field hint={words.movesHandPlacedHint}>
                <Switch
                  label={words.movesHandPlaced}
                  checked={movesHandPlaced}
                  onChange={(_, { checked }) => setMovesHandPlaced(checked)}
                />
              </Field>
            </DialogContent>
            <DialogActions>
              <Button
                appearance="primary"
                type="submit"
                disabledFocusable={create.isPending || (kind === 'group' && !group)}
              >
                {create.isPending ? common.saving : common.save}
              </Button>
              <Button onClick={onClose}>{common.cancel}</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
