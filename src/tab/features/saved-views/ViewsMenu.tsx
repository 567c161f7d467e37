import {
  Menu,
  MenuButton,
  MenuDivider,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  useRestoreFocusTarget,
} from '@fluentui/react-components';
import { BookmarkRegular } from '@fluentui/react-icons/svg/bookmark';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { HomeRegular } from '@fluentui/react-icons/svg/home';
import { SaveRegular } from '@fluentui/react-icons/svg/save';
import { useState } from 'react';
import type { ListView, SavedView, ViewedList, ViewOf } from '../../../contract/saved-views.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { wordsOfError } from '../../ui/error-words.ts';
import { useToast } from '../../ui/toast.tsx';
import { SaveViewDialog } from './SaveViewDialog.tsx';
import { useChangeView, useDeleteView, useSavedViews } from './use-saved-views.ts';

interface Props<List extends ViewedList> {
  /** What the list shows now. */
  readonly shown: ViewOf<List>;
  readonly onOpen: (view: ViewOf<List>) => void;
}

/** The views of a list that an admin keeps: open one, keep what is shown, and what to do with the one that is shown. */
export function ViewsMenu<List extends ViewedList>({ shown, onOpen }: Props<List>) {
  const texts = useTexts();
  const words = texts.savedViews;
  const page = texts[shown.list].title;
  const toast = useToast();
  const { data: views = [] } = useSavedViews<List>(shown.list);
  const change = useChangeView();
  const remove = useDeleteView();
  const [isSaving, setSaving] = useState(false);
  const focusTarget = useRestoreFocusTarget();
  const current = views.find(({ view }) => isSame(view, shown));
  const onError = (error: unknown) => {
    const { title, remedy } = wordsOfError(error, texts);
    toast(title, { intent: 'warning', body: remedy });
  };
  const setDefault = ({ id, name, isDefault }: SavedView) =>
    change.mutate(
      { viewId: id, isDefault: !isDefault },
      { onSuccess: () => toast(isDefault ? words.noLongerDefault(page, name) : words.nowDefault(page, name)), onError },
    );
  return (
    <>
      <Menu checkedValues={{ view: current ? [current.id] : [] }} positioning="below-end">
        <MenuTrigger disableButtonEnhancement>
          <MenuButton {...focusTarget} appearance="subtle" icon={<BookmarkRegular />}>
            {current?.name ?? words.title}
          </MenuButton>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {views.map(({ id, name, view, isDefault }) => (
              <MenuItemRadio
                key={id}
                name="view"
                value={id}
                onClick={() => onOpen(view)}
                {...(isDefault ? { secondaryContent: words.isDefault } : {})}
              >
                {name}
              </MenuItemRadio>
            ))}
            {views.length > 0 && <MenuDivider />}
            <MenuItem icon={<SaveRegular />} onClick={() => setSaving(true)}>
              {words.save}
            </MenuItem>
            {current && (
              <>
                <MenuItem icon={<HomeRegular />} onClick={() => setDefault(current)}>
                  {current.isDefault ? words.unsetDefault(page) : words.setDefault(page)}
                </MenuItem>
                <MenuItem
                  icon={<DeleteRegular />}
                  onClick={() =>
                    remove.mutate(current.id, { onSuccess: () => toast(words.deleted(current.name)), onError })
                  }
                >
                  {words.delete(current.name)}
                </MenuItem>
              </>
            )}
          </MenuList>
        </MenuPopover>
      </Menu>
      {isSaving && (
        <SaveViewDialog view={shown} names={views.map(({ name }) => name)} onClose={() => setSaving(false)} />
      )}
    </>
  );
}

/** Whether two views show the same. */
function isSame(one: ListView, other: ListView): boolean {
  const textOf = ({ list, filter, sort, columns }: ListView) => {
    const conditions = Object.entries(filter).filter(([, value]) => value !== undefined && value !== '');
    return JSON.stringify([list, conditions.toSorted(), sort ?? '', ...columns]);
  };
  return textOf(one) === textOf(other);
}
