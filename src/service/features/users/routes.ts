import { totalOf } from '../../../contract/access-counts.ts';
import {
  addUsers,
  countUserFacet,
  countUsers,
  exportUsers,
  exportUsersAsJson,
  getUser,
  getUserHistory,
  listUsers,
  moveUsers,
  removeUsers,
  type UserFilter,
} from '../../../contract/users.ts';
import type { OrganizationId, TenantId } from '../../../domain/ids.ts';
import type { UserSort } from '../../../domain/users/user-list.ts';
import { AppError } from '../../app-error.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import type { FileAnswer } from '../../http/file-answer.ts';
import { downloadRoute, route } from '../../http/route.ts';
import { exportName } from './export-name.ts';
import type { TargetOrganization } from './user-changes.store.ts';
import type { UserStore } from './users.store.ts';
import { usersCsv } from './users-csv.ts';
import { usersJson } from './users-json.ts';

interface Dependencies {
  readonly users: UserStore;
  readonly clock: Clock;
  readonly organizations: {
    find(tenantId: TenantId, id: OrganizationId): Promise<TargetOrganization | undefined>;
  };
}

export function userRoutes({ users, organizations, clock }: Dependencies) {
  // The tenant comes from the verified token: an id in the URL must not reach another tenant's organization.
  async function target(tenantId: TenantId, id: OrganizationId) {
    const organization = await organizations.find(tenantId, id);
    if (!organization) throw new AppError('organization.not_found');
    return organization;
  }

  async function fileOf(
    admin: Admin,
    { sort, ...filter }: UserFilter & { readonly sort: readonly UserSort[] },
    write: typeof usersCsv,
  ): Promise<FileAnswer> {
    const { organizationId, ...others } = filter;
    const organization = organizationId ? await target(admin.tenantId, organizationId) : undefined;
    const { count, pages } = await users.export(admin, filter, sort, organization);
    const name = { organizationName: organization?.name, filter: others, at: clock.now(), count };
    return { baseName: exportName(name), body: write(pages) };
  }

  return [
    route(listUsers, async ({ admin, query: { sort, limit, cursor, ...filter } }) => {
      const { counts, ...page } = await users.list(admin.tenantId, filter, { sorts: sort, limit, cursor });
      return { ...page, counts, total: counts && totalOf(counts, filter.status) };
    }),

    // Before the route of one user, whose address would match too.
    route(countUsers, async ({ admin, query }) => ({ counts: await users.counts(admin.tenantId, query) })),

    route(countUserFacet, ({ admin, query: { facet, ...filter } }) => users.facetCounts(admin.tenantId, facet, filter)),

    downloadRoute(exportUsers, ({ admin, query }) => fileOf(admin, query, usersCsv)),
    downloadRoute(exportUsersAsJson, ({ admin, query }) => fileOf(admin, query, usersJson)),

    route(getUser, async ({ admin, params }) => {
      const user = await users.get(admin.tenantId, params.userId);
      if (!user) throw new AppError('user.not_found');
      return user;
    }),

    route(getUserHistory, async ({ admin, params }) => {
      const history = await users.history(admin.tenantId, params.userId);
      if (!history) throw new AppError('user.not_found');
      return history;
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
