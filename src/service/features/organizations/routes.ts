import {
  convertOrganization,
  createOrganization,
  deleteOrganization,
  forceDeleteOrganization,
  getOrganization,
  listOrganizations,
  listRegistrations,
  updateOrganization,
} from '../../../contract/organizations.ts';
import type { OrganizationId, TenantId } from '../../../domain/ids.ts';
import { ownRegistration } from '../../../domain/registration.ts';
import { AppError } from '../../app-error.ts';
import type { Applications } from '../../entra/applications.ts';
import { route } from '../../http/route.ts';
import type { OrganizationStore } from './organizations.store.ts';

interface Dependencies {
  readonly organizations: OrganizationStore;
  readonly applications: Pick<Applications, 'all'>;
}

export function organizationRoutes({ organizations, applications }: Dependencies) {
  async function existing(tenantId: TenantId, id: OrganizationId) {
    const organization = await organizations.find(tenantId, id);
    if (!organization) throw new AppError('organization.not_found');
    return organization;
  }

  async function shown(tenantId: TenantId, id: OrganizationId) {
    const [organization] = await organizations.list(tenantId, id);
    if (!organization) throw new AppError('organization.not_found');
    return organization;
  }

  return [
    route(listRegistrations, async ({ admin }) => ({
      registrations: applications.all
        .filter((application) => application.isFor(admin.tenantId))
        .map(({ registration, appId }) => ({
          name: registration === ownRegistration ? null : registration,
          clientId: appId,
        })),
    })),

    route(listOrganizations, async ({ admin }) => ({ organizations: await organizations.list(admin.tenantId) })),

    route(getOrganization, ({ admin, params }) => shown(admin.tenantId, params.organizationId)),

    route(createOrganization, async ({ admin, body }) => {
      const id = await organizations.create(admin, body);
      return shown(admin.tenantId, id);
    }),

    route(updateOrganization, async ({ admin, params, body }) => {
      await organizations.update(admin, await existing(admin.tenantId, params.organizationId), body);
      return shown(admin.tenantId, params.organizationId);
    }),

    route(convertOrganization, async ({ admin, params }) => {
      await organizations.convert(admin, await existing(admin.tenantId, params.organizationId));
      return shown(admin.tenantId, params.organizationId);
    }),

    route(deleteOrganization, async ({ admin, params, query }) => {
      await organizations.delete(admin, await existing(admin.tenantId, params.organizationId), query.users);
    }),

    route(forceDeleteOrganization, async ({ admin, params, body }) => {
      const organization = await existing(admin.tenantId, params.organizationId);
      if (body.name.trim() !== organization.name) throw new AppError('organization.name_differs');
      await organizations.delete(admin, organization, 'all');
    }),
  ];
}
