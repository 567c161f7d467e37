import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles, tokens } from '@fluentui/react-components';
import { tierZeroPower } from '../../../domain/consent/permission-set.ts';
import { useFormat, useTexts } from '../../texts/texts-context.tsx';
import type { PermissionRow } from './use-role-change.ts';

interface Props {
  readonly rows: readonly PermissionRow[];
  readonly canRemoveHere: boolean;
}

const useStyles = makeStyles({
  lines: { display: 'grid', gap: tokens.spacingVerticalXXS, paddingBlock: tokens.spacingVerticalXS },
  line: { overflowWrap: 'anywhere' },
});

/** The application holds more than it needs: what exactly, tier 0 first, and how to take it back. */
export function ExcessBar({ rows, canRemoveHere }: Props) {
  const styles = useStyles();
  const { consent: words } = useTexts();
  const { list } = useFormat();
  const excess = rows.filter(({ state }) => state === 'excess');
  if (excess.length === 0) return null;
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{words.excess.title}</MessageBarTitle>
        <div className={styles.lines}>
          {excess.map(({ permission }) => {
            const power = tierZeroPower(permission);
            if (!power) return null;
            return (
              <strong key={permission} className={styles.line}>
                {words.excess.tierZero(permission, words.tierZeroPower[power])}
              </strong>
            );
          })}
          <span className={styles.line}>
            {words.excess.intro(list(excess.map(({ permission }) => permission)))}{' '}
            {canRemoveHere ? words.excess.howHere : words.excess.howInEntra}
          </span>
        </div>
      </MessageBarBody>
    </MessageBar>
  );
}
