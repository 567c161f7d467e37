import { addUsers, getUser, listUsers, moveUsers, removeUsers } from '../../../contract/users.ts';
import type { OrganizationId, TenantId } from '../../../domain/ids.ts';
import { AppError } from '../../app-error.ts';
import { route } from '../../http/route.ts';
import type { TargetOrganization, UserStore } from './users.store.ts';

interface Dependencies {
  readonly users: UserStore;
  readonly organizations: {
    find(tenantId: TenantId, id: OrganizationId): Promise<TargetOrganization | undefined>;
  };
}

export function userRoutes({ users, organizations }: Dependencies) {
  // The tenant comes from the verified token: an id in the URL must not reach another tenant's organization.
  async function target(tenantId: TenantId, id: OrganizationId) {
    const organization = await organizations.find(tenantId, id);
    if (!organization) throw new AppError('organization.not_found');
    return organization;
  }

  return [
    route(listUsers, async ({ admin, query: { sort, limit, cursor, ...filter } }) => {
      const page = await users.list(admin.tenantId, filter, { sort, limit, cursor });
      const { status, ...scope } = filter;
      const counts = await users.counts(admin.tenantId, scope);
      const total = status ? counts[status] : Object.values(counts).reduce((sum, count) => sum + count, 0);
      return { ...page, counts, total };
    }),

    route(getUser, async ({ admin, params }) => {
      const user = await users.get(admin.tenantId, params.userId);
      if (!user) throw new AppError('user.not_found');
      return user;
    }),

    route(addUsers, async ({ admin, params, body }) =>
      users.add(admin, await target(admin.tenantId, params.organizationId), body.users),
    ),

    route(moveUsers, async ({ admin, params, body }) =>
      users.move(admin, await target(admin.tenantId, params.organizationId), body.userIds),
    ),

    route(removeUsers, ({ admin, body }) => users.remove(admin, body.userIds, body.force)),
  ];
}
