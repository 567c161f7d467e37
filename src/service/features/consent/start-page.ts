import type { Hono } from 'hono';
import type { Applications } from '../../entra/applications.ts';
import { adminConsentUrl } from '../../entra/consent-redirect.ts';
import { type AppEnvironment, clientAddress } from '../../http/api.ts';
import type { RateLimit } from '../../http/rate-limit.ts';
import type { ConsentAttemptStore } from './consent-attempts.store.ts';

interface Options {
  readonly attempts: Pick<ConsentAttemptStore, 'dialogOf'>;
  readonly applications: Pick<Applications, 'find'>;
  readonly limit: RateLimit;
  readonly trustProxy: boolean;
  readonly authorityHost: string;
  readonly graphEndpoint: string;
  readonly publicUrl: string;
}

/** The popup's first page: sends the browser to Microsoft's consent dialog. */
export function mountConsentStart(
  app: Hono<AppEnvironment>,
  { attempts, applications, limit, trustProxy, ...entra }: Options,
): void {
  app.get('/consent/start', async (context) => {
    context.header('cache-control', 'no-store');
    const seconds = limit.refusedFor(`/consent/start ${clientAddress(context, trustProxy)}`);
    if (seconds !== undefined)
      return context.text('Too many requests. Close this window and start again.', 429, {
        'retry-after': String(seconds),
      });
    const state = context.req.query('state') ?? '';
    const dialog = /^[A-Za-z0-9_-]{43}$/.test(state) ? await attempts.dialogOf(state) : undefined;
    const application = dialog && applications.find(dialog.tenantId, dialog.registration);
    if (!dialog || !application) {
      return context.text(
        'This consent was not started here, or it took too long. Close this window and start again.',
        404,
      );
    }
    // The address Microsoft returns to is the configured one; nothing in the request has a say in it.
    const redirectUri = `${entra.publicUrl}/consent/end`;
    return context.redirect(
      adminConsentUrl({ ...entra, tenantId: dialog.tenantId, clientId: application.appId, redirectUri, state }),
      302,
    );
  });
}
