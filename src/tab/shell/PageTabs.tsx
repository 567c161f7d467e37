import {
  Button,
  Menu,
  MenuItemLink,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  Overflow,
  OverflowItem,
  Tab,
  TabList,
  useIsOverflowItemVisible,
  useOverflowMenu,
} from '@fluentui/react-components';
import { MoreHorizontalRegular } from '@fluentui/react-icons/svg/more-horizontal';
import { useTexts } from '../texts/texts-context.tsx';
import { addressOf, type PageName, type Place, pageNames } from './place.ts';
import { usePlace } from './use-place.ts';

const useStyles = makeStyles({
  root: { display: 'flex', minWidth: 0, overflow: 'hidden' },
});

/** The pages on one line; those that do not fit are in a menu at its end. */
export function PageTabs() {
  const styles = useStyles();
  const { shell } = useTexts();
  const { place, go } = usePlace();

  return (
    <Overflow minimumVisible={1}>
      <TabList
        className={styles.root}
        selectedValue={place.page}
        onTabSelect={(_, { value }) => go(placeOfPage(value as PageName, place))}
      >
        {pageNames.map((page) => (
          <OverflowItem key={page} id={page} priority={page === place.page ? 2 : 1}>
            <Tab value={page}>{shell[page]}</Tab>
          </OverflowItem>
        ))}
        <MorePages place={place} onOpen={go} />
      </TabList>
    </Overflow>
  );
}

function MorePages({ place, onOpen }: { place: Place; onOpen: (place: Place) => void }) {
  const { shell } = useTexts();
  const { ref, isOverflowing } = useOverflowMenu<HTMLButtonElement>();
  if (!isOverflowing) return null;
  return (
    <Menu hasIcons={false}>
      <MenuTrigger disableButtonEnhancement>
        <Button
          ref={ref}
          appearance="transparent"
          icon={<MoreHorizontalRegular />}
          aria-label={shell.morePages}
          role="tab"
          aria-selected={false}
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {pageNames.map((page) => (
            <HiddenPage key={page} page={page} place={place} onOpen={onOpen} />
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function HiddenPage({ page, place, onOpen }: { page: PageName; place: Place; onOpen: (place: Place) => void }) {
  const { shell } = useTexts();
  const isVisible = useIsOverflowItemVisible(page);
  if (isVisible) return null;
  const to = placeOfPage(page, place);
  return (
    <MenuItemLink
      href={addressOf(to)}
      onClick={(event) => {
        event.preventDefault();
        onOpen(to);
      }}
    >
      {shell[page]}
    </MenuItemLink>
  );
}

/** A page keeps the picked organization; the list of organizations shows all of them. */
function placeOfPage(page: PageName, from: Place): Place {
  return page === 'organizations' ? { page } : { page, organizationId: from.organizationId };
}
