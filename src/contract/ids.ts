import { z } from 'zod';
import type {
  AppId,
  AssignmentRuleId,
  AssignmentRunId,
  CheckId,
  CommandRunId,
  ConsentAttemptId,
  ConsentChangeId,
  EwsMigrationId,
  GroupId,
  OrganizationId,
  ProvisioningId,
  SavedViewId,
  ScopeChangeId,
  ScopeDriftId,
  ScopeProofId,
  SyncSessionId,
  TenantId,
  UserId,
} from '../domain/ids.ts';
import type { RegistrationName } from '../domain/registration.ts';

// `z.guid()` and not `z.uuid()`: Microsoft's own ids, such as Graph's application id, are not valid UUIDs.
function id<Id extends string>(example: string): z.ZodType<Id, string> {
  return z.guid().toLowerCase().meta({ example }) as unknown as z.ZodType<Id, string>;
}

export const tenantId = id<TenantId>('72f988bf-86f1-41af-91ab-2d7cd011db47');
export const userId = id<UserId>('87d349ed-44d7-43e1-9a83-5f2406dee5bd');
export const organizationId = id<OrganizationId>('0f9b2c1e-5f53-4a7e-9a55-2b7f3f1f0c11');
export const checkId = id<CheckId>('3c6f0d52-7f1e-4a50-8a0a-0a1c4f0c9e21');
export const commandRunId = id<CommandRunId>('4e8a1f63-6b2d-4c7e-9f10-2c3d4e5f6a7b');
export const savedViewId = id<SavedViewId>('1d7e4b93-5c2a-4f8b-8a6d-9e0f1a2b3c4d');
export const consentAttemptId = id<ConsentAttemptId>('5d2a4a30-1f0b-4c57-9d7f-2f8f5b1d7c31');
export const consentChangeId = id<ConsentChangeId>('2b7c9e13-4d5f-4a6b-8c1d-7e9f0a2b3c4d');
export const syncSessionId = id<SyncSessionId>('6e3b5b41-2a1c-4d68-8e80-3a9a6c2e8d41');
export const groupId = id<GroupId>('0d5f2c7a-3b1e-4c8d-9a6f-1e2d3c4b5a69');
export const scopeChangeId = id<ScopeChangeId>('7a1c3e5b-9d2f-4b6a-8c0e-1f3a5b7c9d1e');
export const scopeProofId = id<ScopeProofId>('8b2d4f6c-0e3a-4c7b-9d1f-2a4b6c8d0e2f');
export const ewsMigrationId = id<EwsMigrationId>('4d8f1a2b-6c3e-4f5a-9b7d-0e1c2a3b4d5f');
export const appId = id<AppId>('1fe8f1b2-4a6c-4d0e-8b8f-6c1a2d3e4f50');
export const scopeDriftId = id<ScopeDriftId>('9c3e5a7d-1f4b-4d8c-8e2a-3b5c7d9e1f3a');
export const assignmentRuleId = id<AssignmentRuleId>('1d4e6b8a-2f5c-4e9d-8f3b-4c6d8e0f2a4b');
export const assignmentRunId = id<AssignmentRunId>('2e5f7c9b-3a6d-4f0e-9a4c-5d7e9f1a3b5c');
export const provisioningId = id<ProvisioningId>('4d6f8b0a-2c5e-4d9a-8f1b-3c6d8e0f1a4b');

/** Of an application registration in the operator's configuration. */
export const registrationName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/)
  .meta({ example: 'legal' }) as unknown as z.ZodType<RegistrationName, string>;

/** Instants cross the wire as ISO 8601 in UTC. */
export const instant = z.iso.datetime().meta({ example: '2026-11-23T10:00:00.000Z' });
