import type {
  ConsentFacts,
  ConsentJudgement,
  ConsentState,
  PermissionGrant,
  RolesAnnounced,
} from '../../../domain/consent/consent-state.ts';
import type { ConsentAttemptId, ConsentChangeId, OrganizationId, TenantId, UserId } from '../../../domain/ids.ts';
import type { Json } from './json.ts';

export interface ConsentsTable {
  tenant_id: TenantId;
  organization_id: OrganizationId;
  state: ConsentState;
  problem: string | null;
  permissions: Json<PermissionGrant[]>;
  /** What the state was judged from; null for a consent that an earlier release verified. */
  facts: Json<ConsentFacts> | null;
  evidence: ConsentJudgement['evidence'];
  verified_at: Date | null;
  granted_by: UserId | null;
  granted_by_name: string | null;
  granted_at: Date | null;
}

/** A change of an organization's consent: a clock runs until Microsoft shows it everywhere. */
export interface ConsentChangesTable {
  tenant_id: TenantId;
  id: ConsentChangeId;
  organization_id: OrganizationId;
  kind: 'consent_accepted' | 'roles_granted' | 'roles_revoked';
  /** When it was made, or seen first. */
  changed_at: Date;
  expected_by: Date;
  ended_at: Date | null;
  outcome: 'converged' | 'not_effective' | 'not_known' | 'superseded' | null;
  /** App roles that an admin reported as granted or removed; null for any other change. */
  announced: Json<RolesAnnounced> | null;
}

/** What Microsoft's redirect said; proves nothing. */
export interface ParkedCallback {
  adminConsent?: string;
  tenant?: string;
  error?: string;
  /** `AADSTS…` code found in the description; the description itself is not kept. */
  entraCode?: string;
}

export interface ConsentAttemptsTable {
  tenant_id: TenantId;
  id: ConsentAttemptId;
  organization_id: OrganizationId;
  user_id: UserId;
  /** SHA-256 of the state; the state itself is not kept. */
  state_hash: string;
  created_at: Date;
  expires_at: Date;
  callback: Json<ParkedCallback> | null;
  callback_at: Date | null;
  redeemed_at: Date | null;
}

export interface ConsentSchema {
  consents: ConsentsTable;
  consent_changes: ConsentChangesTable;
  consent_attempts: ConsentAttemptsTable;
}
