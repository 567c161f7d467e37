import { Badge, makeStyles, Tooltip } from '@fluentui/react-components';
import { BeakerRegular } from '@fluentui/react-icons/svg/beaker';
import { useTexts } from '../texts/texts-context.tsx';

const useStyles = makeStyles({
  root: { flexShrink: 0, whiteSpace: 'nowrap' },
  label: { '@media (max-width: 900px)': { display: 'none' } },
});

/** Says quietly that the tenant is none of Microsoft's. */
export function CloudBadge({ label }: { label: string }) {
  const styles = useStyles();
  const { shell } = useTexts();
  return (
    <Tooltip content={shell.simulated} relationship="description" withArrow>
      <Badge
        className={styles.root}
        appearance="tint"
        color="informative"
        icon={<BeakerRegular />}
        tabIndex={0}
        role="note"
        aria-label={label}
      >
        <span className={styles.label}>{label}</span>
      </Badge>
    </Tooltip>
  );
}
