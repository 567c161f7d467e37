import { getSession } from '../../../contract/session.ts';
import type { AppId } from '../../../domain/ids.ts';
import { mayConsent } from '../../auth/admin.ts';
import { route } from '../../http/route.ts';

export function sessionRoutes({ clientId, version }: { clientId: AppId; version: string }) {
  return [
    route(getSession, async ({ admin }) => ({
      tenant: { tenantId: admin.tenantId },
      admin: {
        userId: admin.userId,
        username: admin.username,
        displayName: admin.displayName,
        mayConsent: mayConsent(admin),
      },
      application: { clientId },
      version,
    })),
  ];
}
