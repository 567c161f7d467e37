import type { TenantId, UserId } from '../../domain/ids.ts';
import type { AccessToken } from './access-token.ts';

/** Who calls: known by tenant and object id only. Names are for display and never decide. */
export interface Admin {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly username: string;
  readonly displayName: string;
  /** Directory role template ids of the token; undefined when the token carries none. */
  readonly directoryRoleIds: readonly string[] | undefined;
  /** The verified token of the request, to act on behalf of the admin. */
  readonly accessToken: AccessToken;
}

/** Who wanted something that goes on without them. */
export type Starter = Pick<Admin, 'tenantId' | 'userId' | 'displayName'>;

/** Global and Privileged Role Administrator: the only ones who may consent to Graph application permissions. */
const consentRoleIds = ['62e90394-69f5-4237-9190-012177145e10', 'e8611ab8-c189-46e8-94e1-60213ab1f814'];

/** @see Microsoft Learn, Grant tenant-wide admin consent to an application, prerequisites */
export function mayConsent(admin: Admin): 'yes' | 'no' | 'unknown' {
  if (!admin.directoryRoleIds) return 'unknown';
  return admin.directoryRoleIds.some((id) => consentRoleIds.includes(id)) ? 'yes' : 'no';
}
