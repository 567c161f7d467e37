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
import type { SavedView, UsersView } from '../../../contract/saved-views.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { wordsOfError } from '../../ui/error-words.ts';
import { useToast } from '../../ui/toast.tsx';
import { SaveViewDialog } from './SaveViewDialog.tsx';
import { useChangeView, useDeleteView, useSavedViews } from './use-saved-views.ts';

interface Props {
  /** What the list shows now. */
  readonly shown: UsersView;
  readonly onOpen: (view: UsersView) => void;
}

/** The views an admin keeps: open one, keep what is shown, and what to do with the one that is shown. */
export function ViewsMenu({ shown, onOpen }: Props) {
  const texts = useTexts();
  const words = texts.savedViews;
  const toast = useToast();
  const { data: views = [] } = useSavedViews();
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
      { onSuccess: () => toast(isDefault ? words.noLongerDefault(name) : words.nowDefault(name)), onError },
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
                  {current.isDefault ? words.unsetDefault : words.setDefault}
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
function isSame(one: UsersView, other: UsersView): boolean {
  const textOf = ({ filter: { organizationId, status, search }, sort, columns }: UsersView) =>
    JSON.stringify([organizationId ?? '', status ?? '', search ?? '', sort, ...columns]);
  return textOf(one) === textOf(other);
}
