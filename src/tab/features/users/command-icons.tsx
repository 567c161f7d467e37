import { ArrowCounterclockwiseRegular } from '@fluentui/react-icons/svg/arrow-counterclockwise';
import { ArrowResetRegular } from '@fluentui/react-icons/svg/arrow-reset';
import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { DeleteDismissRegular } from '@fluentui/react-icons/svg/delete-dismiss';
import { PauseCircleRegular } from '@fluentui/react-icons/svg/pause-circle';
import { PeopleSwapRegular } from '@fluentui/react-icons/svg/people-swap';
import { PlayCircleRegular } from '@fluentui/react-icons/svg/play-circle';
import { PlugConnectedRegular } from '@fluentui/react-icons/svg/plug-connected';

export const commandIcons = {
  check: <PlugConnectedRegular />,
  forceSync: <ArrowSyncRegular />,
  enableSync: <PlayCircleRegular />,
  disableSync: <PauseCircleRegular />,
  reset: <ArrowResetRegular />,
  reinitialize: <ArrowCounterclockwiseRegular />,
  move: <PeopleSwapRegular />,
  remove: <DeleteRegular />,
  forceRemove: <DeleteDismissRegular />,
};
