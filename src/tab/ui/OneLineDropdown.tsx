import { Dropdown, type DropdownProps, makeStyles, mergeClasses } from '@fluentui/react-components';

const useStyles = makeStyles({
  root: { '& > button': { gridTemplateColumns: '[content] minmax(0, 1fr) [icon] auto [end]', minWidth: 0 } },
  value: { minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
});

/** A menu whose chosen value ends before the arrow, however long it is. */
export function OneLineDropdown({ className, value, ...props }: DropdownProps & { readonly value: string }) {
  const styles = useStyles();
  return (
    <Dropdown
      {...props}
      className={mergeClasses(styles.root, className)}
      value={value}
      button={{ children: <span className={styles.value}>{value}</span> }}
    />
  );
}
