import { licences } from '../tenant/licences.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { contextOf, pick, selected } from './collection.ts';
import type { Call, GraphAnswer, Operation } from './operation.ts';
import { dateTime } from './user.ts';

export const organization: readonly Operation[] = [
  {
    method: 'GET',
    path: '/organization',
    service: 'directory',
    permissions: {
      application: ['Organization.Read.All', 'Organization.ReadWrite.All', 'User.Read.All', 'Directory.Read.All'],
      delegated: [
        'User.Read',
        'User.Read.All',
        'Organization.Read.All',
        'Organization.ReadWrite.All',
        'Directory.Read.All',
      ],
    },
    query: ['$select'],
    answer: listOrganization,
  },
  {
    method: 'GET',
    path: '/subscribedSkus',
    service: 'directory',
    permissions: {
      application: ['LicenseAssignment.Read.All', 'Organization.Read.All', 'Directory.Read.All'],
      delegated: ['LicenseAssignment.Read.All', 'Organization.Read.All', 'Directory.Read.All'],
    },
    query: ['$select'],
    units: 3,
    answer: listSubscribedSkus,
  },
];

function listOrganization(call: Call): GraphAnswer {
  const names = selected(call);
  const value = [pick(organizationResource(call.tenant), names, 'organization', [])];
  const context = contextOf(call, `organization${names ? `(${names})` : ''}`);
  return { status: 200, body: { '@odata.context': context, value } };
}

function organizationResource(tenant: Tenant): Record<string, unknown> {
  return {
    id: tenant.id,
    deletedDateTime: null,
    businessPhones: [],
    city: 'Lisbon',
    country: null,
    countryLetterCode: 'PT',
    createdDateTime: dateTime(tenant.createdAt),
    defaultUsageLocation: null,
    displayName: tenant.displayName,
    onPremisesLastSyncDateTime: null,
    onPremisesSyncEnabled: true,
    partnerTenantType: null,
    preferredLanguage: 'en',
    technicalNotificationMails: [`admin@${tenant.domain}`],
    tenantType: 'AAD',
    verifiedDomains: [
      {
        capabilities: 'Email, OfficeCommunicationsOnline',
        isDefault: true,
        isInitial: true,
        name: tenant.domain,
        type: 'Managed',
      },
    ],
  };
}

function listSubscribedSkus(call: Call): GraphAnswer {
  const value = Object.entries(licences).map(([name, { skuId, skuPartNumber, plans }]) => {
    const holders = call.tenant.people.filter((person) => (person.licences as string[]).includes(name));
    return {
      id: `${call.tenant.id}_${skuId}`,
      accountId: call.tenant.id,
      accountName: call.tenant.displayName,
      appliesTo: 'User',
      capabilityStatus: 'Enabled',
      consumedUnits: holders.length,
      prepaidUnits: { enabled: holders.length + 25, lockedOut: 0, suspended: 0, warning: 0 },
      servicePlans: plans.map(({ servicePlanId, servicePlanName }) => ({
        appliesTo: 'User',
        provisioningStatus: 'Success',
        servicePlanId,
        servicePlanName,
      })),
      skuId,
      skuPartNumber,
      subscriptionIds: [],
    };
  });
  const names = selected(call);
  const context = contextOf(call, `subscribedSkus${names ? `(${names})` : ''}`);
  return {
    status: 200,
    body: { '@odata.context': context, value: value.map((sku) => pick(sku, names, 'subscribedSku', [])) },
  };
}
