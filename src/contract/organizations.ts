import { z } from 'zod';
import { consentStates } from '../domain/consent/consent-state.ts';
import { capabilities } from '../domain/mailbox-access/capability.ts';
import { connectionTypes } from '../domain/mailbox-sync/mailbox-state.ts';
import { accessCounts } from './access-counts.ts';
import { endpoint } from './endpoint.ts';
import { instant, organizationId } from './ids.ts';

const name = z.string().trim().min(1).max(120).meta({ example: 'Head office' });
const externalId = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, dot, dash and underscore, at most 64')
  .meta({ example: 'head-office' });

export const organization = z.object({
  id: organizationId,
  name: z.string(),
  /** Read-only once saved; unique in the tenant. */
  externalId: z.string(),
  connectionType: z.enum(connectionTypes),
  /** The one that is always there; it cannot be deleted. */
  isDefault: z.boolean(),
  syncEnabled: z.boolean(),
  syncIntervalMinutes: z.int(),
  /** Product features that this organization uses. */
  capabilities: z.array(z.enum(capabilities)),
  userCount: z.int(),
  initializedCount: z.int(),
  accessCounts,
  consentState: z.enum(consentStates),
  lastCheckAt: instant.nullable(),
  createdAt: instant,
  updatedAt: instant,
});
export type Organization = z.infer<typeof organization>;

export const listOrganizations = endpoint({
  method: 'GET',
  path: '/api/organizations',
  summary: 'All organizations of the tenant, the default one first, then by name',
  response: z.object({ organizations: z.array(organization) }),
  errors: [],
});

export const getOrganization = endpoint({
  method: 'GET',
  path: '/api/organizations/:organizationId',
  summary: 'One organization',
  params: z.strictObject({ organizationId }),
  response: organization,
  errors: ['organization.not_found'],
});

export const createOrganization = endpoint({
  method: 'POST',
  path: '/api/organizations',
  summary: 'Create an organization with Microsoft Graph app-only access',
  body: z.strictObject({ name, externalId }),
  response: organization,
  status: 201,
  errors: ['organization.external_id_taken'],
});

export const updateOrganization = endpoint({
  method: 'PATCH',
  path: '/api/organizations/:organizationId',
  summary: 'Rename an organization, switch or time its synchronization, or choose its features',
  params: z.strictObject({ organizationId }),
  body: z.strictObject({
    name: name.optional(),
    syncEnabled: z.boolean().optional(),
    /** How often each mailbox is read. */
    syncIntervalMinutes: z.int().min(5).max(1440).optional(),
    /** All features that shall be on; the permissions that the organization needs follow from them. */
    capabilities: z.array(z.enum(capabilities)).min(1).max(capabilities.length).optional(),
  }),
  response: organization,
  errors: ['organization.not_found'],
});

export const deleteOrganization = endpoint({
  method: 'DELETE',
  path: '/api/organizations/:organizationId',
  summary: 'Delete an organization without users',
  params: z.strictObject({ organizationId }),
  errors: ['organization.not_found', 'organization.is_default', 'organization.has_users'],
});
