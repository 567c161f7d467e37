import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { PeopleSwapRegular } from '@fluentui/react-icons/svg/people-swap';
import { PlugConnectedRegular } from '@fluentui/react-icons/svg/plug-connected';

export const commandIcons = {
  check: <PlugConnectedRegular />,
  forceSync: <ArrowSyncRegular />,
  move: <PeopleSwapRegular />,
  remove: <DeleteRegular />,
};
