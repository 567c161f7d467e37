import {
  Button,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components';
import { MoreHorizontalRegular } from '@fluentui/react-icons/svg/more-horizontal';
import type { AssignmentRule } from '../../../contract/assignment-rules.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { IconLabel } from '../../ui/IconLabel.tsx';
import { statusAppearance } from '../../ui/status-appearance.ts';
import { WhyOff } from '../../ui/WhyOff.tsx';
import { ProblemText } from './ProblemText.tsx';
import { useRuleName } from './use-rule-name.ts';

export type RuleVerb = 'preview' | 'switch' | 'earlier' | 'later' | 'handPlaced' | 'delete';

interface Props {
  readonly rule: AssignmentRule;
  /** From 1, among the rules of all organizations. */
  readonly position: number;
  readonly total: number;
  /** Whether its preview shows what switching it on would change now. */
  readonly isPreviewed: boolean;
  readonly isPending: boolean;
  readonly onVerb: (verb: RuleVerb) => void;
}

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalM,
    minHeight: '44px',
    paddingBlock: tokens.spacingVerticalS,
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  words: { display: 'grid', flex: '1 1 240px', minWidth: 0, overflowWrap: 'anywhere' },
  quiet: { color: tokens.colorNeutralForeground2 },
  actions: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
});

/** One rule: whom it is about, its place in the order, whether it is on, and what can be done with it. */
export function RuleItem({ rule, position, total, isPreviewed, isPending, onVerb }: Props) {
  const styles = useStyles();
  const { assignmentRules: words } = useTexts();
  const name = useRuleName()(rule);
  const why = !rule.isOn && !isPreviewed ? words.needsPreview : undefined;
  const facts = [words.place(position, total), rule.movesHandPlaced && words.handPlacedToo].filter(Boolean);
  return (
    <li className={styles.root}>
      <div className={styles.words}>
        <Text weight="semibold">{name}</Text>
        <Text size={200} className={styles.quiet}>
          {facts.join(' · ')}
        </Text>
        {rule.problem && <ProblemText problem={rule.problem} />}
      </div>
      <div className={styles.actions}>
        <IconLabel {...(rule.isOn ? statusAppearance.working : statusAppearance.not_checked)}>
          {rule.isOn ? words.state.on : words.state.off}
        </IconLabel>
        <Button
          size="small"
          disabledFocusable={isPending}
          aria-label={`${words.preview}: ${name}`}
          onClick={() => onVerb('preview')}
        >
          {words.preview}
        </Button>
        <WhyOff reason={why}>
          <Button
            size="small"
            appearance={isPreviewed && !rule.isOn ? 'primary' : 'secondary'}
            disabledFocusable={isPending || Boolean(why)}
            aria-label={`${rule.isOn ? words.switchOff : words.switchOn}: ${name}`}
            onClick={() => onVerb('switch')}
          >
            {rule.isOn ? words.switchOff : words.switchOn}
          </Button>
        </WhyOff>
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <Button
              size="small"
              appearance="subtle"
              icon={<MoreHorizontalRegular />}
              aria-label={words.actionsFor(name)}
            />
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              <MenuItem disabled={position === 1} onClick={() => onVerb('earlier')}>
                {words.earlier}
              </MenuItem>
              <MenuItem disabled={position === total} onClick={() => onVerb('later')}>
                {words.later}
              </MenuItem>
              <MenuItem onClick={() => onVerb('handPlaced')}>
                {rule.movesHandPlaced ? words.excludeHandPlaced : words.includeHandPlaced}
              </MenuItem>
              <MenuItem onClick={() => onVerb('delete')}>{words.delete}</MenuItem>
            </MenuList>
          </MenuPopover>
        </Menu>
      </div>
    </li>
  );
}
