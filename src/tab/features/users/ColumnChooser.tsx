import {
  Button,
  Menu,
  MenuItemCheckbox,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
} from '@fluentui/react-components';
import { ColumnEditRegular } from '@fluentui/react-icons/svg/column-edit';
import { type UserColumn, userColumns } from '../../../domain/users/user-list.ts';
import { useTexts } from '../../texts/texts-context.tsx';

interface Props {
  readonly columns: readonly UserColumn[];
  readonly onColumns: (columns: readonly UserColumn[]) => void;
}

const useStyles = makeStyles({
  // Cards have no columns.
  button: { '@media (max-width: 480px)': { display: 'none' } },
});

/** Which columns the list shows; the name always does. */
export function ColumnChooser({ columns, onColumns }: Props) {
  const styles = useStyles();
  const { users: words } = useTexts();
  return (
    <Menu
      checkedValues={{ columns: [...columns] }}
      onCheckedValueChange={(_, { checkedItems }) =>
        onColumns(userColumns.filter((column) => column === 'name' || checkedItems.includes(column)))
      }
    >
      <MenuTrigger disableButtonEnhancement>
        <Button className={styles.button} appearance="subtle" icon={<ColumnEditRegular />}>
          {words.chooseColumns}
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {userColumns.map((column) => (
            <MenuItemCheckbox key={column} name="columns" value={column} disabled={column === 'name'}>
              {words.columns[column]}
            </MenuItemCheckbox>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
