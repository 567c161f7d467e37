import {
  applyProvisioning,
  cancelProvisioning,
  discardProvisioning,
  exportProvisioningRows,
  getProvisioning,
  listProvisioningRows,
  listProvisionings,
  mapProvisioningFile,
  resumeProvisioning,
  startProvisioning,
  uploadProvisioningFile,
} from '../../../contract/provisioning.ts';
import type { OrganizationId, ProvisioningId, TenantId } from '../../../domain/ids.ts';
import { AppError } from '../../app-error.ts';
import type { Clock } from '../../clock.ts';
import { downloadRoute, route, uploadRoute } from '../../http/route.ts';
import type { ProvisioningRows } from './provisioning-rows.store.ts';
import type { Provisionings } from './provisionings.store.ts';
import { rowsCsv } from './rows-csv.ts';

interface Dependencies {
  readonly provisionings: Provisionings;
  readonly rows: ProvisioningRows;
  readonly clock: Clock;
  readonly organizations: { find(tenantId: TenantId, id: OrganizationId): Promise<object | undefined> };
}

export function provisioningRoutes({ provisionings, rows, clock, organizations }: Dependencies) {
  async function existing(tenantId: TenantId, id: ProvisioningId) {
    const found = await provisionings.find(tenantId, id);
    if (!found) throw new AppError('provisioning.not_found');
    return found;
  }

  return [
    route(startProvisioning, async ({ admin, params: { organizationId }, body }) => {
      // The tenant comes from the verified token: an id in the URL must not reach another tenant's organization.
      if (!(await organizations.find(admin.tenantId, organizationId))) throw new AppError('organization.not_found');
      return existing(admin.tenantId, await provisionings.start(admin, organizationId, body));
    }),

    route(listProvisionings, async ({ admin, query }) => ({
      provisionings: await provisionings.list(admin.tenantId, query.limit),
    })),

    route(getProvisioning, ({ admin, params }) => existing(admin.tenantId, params.provisioningId)),

    uploadRoute(uploadProvisioningFile, async ({ admin, params, query, upload }) => {
      await provisionings.receive(admin.tenantId, params.provisioningId, query.offset, upload);
      return existing(admin.tenantId, params.provisioningId);
    }),

    route(mapProvisioningFile, async ({ admin, params, body }) => {
      await provisionings.map(admin.tenantId, params.provisioningId, body.mapping);
      return existing(admin.tenantId, params.provisioningId);
    }),

    route(cancelProvisioning, async ({ admin, params }) => {
      await provisionings.steer(admin.tenantId, params.provisioningId, 'cancel');
      return existing(admin.tenantId, params.provisioningId);
    }),

    route(resumeProvisioning, async ({ admin, params }) => {
      await provisionings.steer(admin.tenantId, params.provisioningId, 'resume');
      return existing(admin.tenantId, params.provisioningId);
    }),

    route(applyProvisioning, async ({ admin, params, body }) => {
      await provisionings.apply(admin, params.provisioningId, body.includeFixable);
      return existing(admin.tenantId, params.provisioningId);
    }),

    route(discardProvisioning, ({ admin, params }) =>
      provisionings.steer(admin.tenantId, params.provisioningId, 'discard'),
    ),

    route(listProvisioningRows, async ({ admin, params, query }) => {
      const { id } = await existing(admin.tenantId, params.provisioningId);
      return rows.page(admin.tenantId, id, query);
    }),

    downloadRoute(exportProvisioningRows, async ({ admin, params, query }) => {
      const { id } = await existing(admin.tenantId, params.provisioningId);
      const time = clock
        .now()
        .toISOString()
        .replace(/[-:]|\.\d+/g, '');
      return {
        baseName: `add-users_${query.which}_${time}`,
        body: rowsCsv(rows.all(admin.tenantId, id, query.which)),
      };
    }),
  ];
}
