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
import { useTexts } from '../texts/texts-context.tsx';

interface Props<Column extends string> {
  /** All that the list can show, in its order. */
  readonly columns: readonly Column[];
  readonly wordsOf: (column: Column) => string;
  readonly chosen: readonly Column[];
  readonly onChoose: (columns: readonly Column[]) => void;
}

const useStyles = makeStyles({
  // Cards have no columns.
  button: { '@media (max-width: 480px)': { display: 'none' } },
});

/** Which columns a list shows; the name always does. */
export function ColumnChooser<Column extends string>({ columns, wordsOf, chosen, onChoose }: Props<Column>) {
  const styles = useStyles();
  const { common } = useTexts();
  return (
    <Menu
      checkedValues={{ columns: [...chosen] }}
      onCheckedValueChange={(_, { checkedItems }) =>
        onChoose(columns.filter((column) => column === 'name' || checkedItems.includes(column)))
      }
    >
      <MenuTrigger disableButtonEnhancement>
        <Button className={styles.button} appearance="subtle" icon={<ColumnEditRegular />}>
          {common.columns}
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {columns.map((column) => (
            <MenuItemCheckbox key={column} name="columns" value={column} disabled={column === 'name'}>
              {wordsOf(column)}
            </MenuItemCheckbox>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
