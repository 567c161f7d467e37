import { PauseCircleRegular } from '@fluentui/react-icons/svg/pause-circle';
import { PlayCircleRegular } from '@fluentui/react-icons/svg/play-circle';
import { PlugConnectedRegular } from '@fluentui/react-icons/svg/plug-connected';
import type { OrganizationCommand } from './organization-commands.ts';

export const organizationCommandIcons = {
  check: <PlugConnectedRegular />,
  enableSync: <PlayCircleRegular />,
  disableSync: <PauseCircleRegular />,
} satisfies Record<OrganizationCommand, unknown>;
