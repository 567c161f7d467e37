import {
  cancelUserCommand,
  getUserCommand,
  listUserCommandResults,
  listUserCommands,
  startUserCommand,
} from '../../../contract/user-commands.ts';
import type { CommandRunId, OrganizationId, TenantId } from '../../../domain/ids.ts';
import { AppError } from '../../app-error.ts';
import { route } from '../../http/route.ts';
import type { CommandStore } from './commands.store.ts';

interface Dependencies {
  readonly commands: CommandStore;
  readonly organizations: {
    find(tenantId: TenantId, id: OrganizationId): Promise<{ id: OrganizationId; name: string } | undefined>;
  };
}

export function userCommandRoutes({ commands, organizations }: Dependencies) {
  async function existing(tenantId: TenantId, id: CommandRunId) {
    const run = await commands.find(tenantId, id);
    if (!run) throw new AppError('command.not_found');
    return run;
  }

  return [
    route(startUserCommand, async ({ admin, body: { organizationId, ...wanted } }) => {
      if (organizationId === undefined) return commands.start(admin, wanted);
      // The tenant comes from the verified token: an id in the body must not reach another tenant's organization.
      const target = await organizations.find(admin.tenantId, organizationId);
      if (!target) throw new AppError('organization.not_found');
      return commands.start(admin, { ...wanted, target });
    }),

    route(listUserCommands, async ({ admin, query }) => ({ runs: await commands.list(admin.tenantId, query.limit) })),

    route(getUserCommand, ({ admin, params }) => existing(admin.tenantId, params.commandRunId)),

    route(listUserCommandResults, async ({ admin, params, query }) => {
      const { id } = await existing(admin.tenantId, params.commandRunId);
      return commands.results(admin.tenantId, id, query);
    }),

    route(cancelUserCommand, async ({ admin, params }) => {
      await commands.cancel(admin, params.commandRunId);
      return existing(admin.tenantId, params.commandRunId);
    }),
  ];
}
