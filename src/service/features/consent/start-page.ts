import type { Hono } from 'hono';
import { adminConsentUrl } from '../../entra/consent-redirect.ts';
import { type AppEnvironment, clientAddress } from '../../http/api.ts';
import type { RateLimit } from '../../http/rate-limit.ts';
import type { ConsentAttemptStore } from './consent-attempts.store.ts';

interface Options {
  readonly attempts: Pick<ConsentAttemptStore, 'tenantOf'>;
  readonly limit: RateLimit;
  readonly trustProxy: boolean;
  readonly authorityHost: string;
  readonly graphEndpoint: string;
  readonly clientId: string;
  readonly publicUrl: string;
}

/** The popup's first page: sends the browser to Microsoft's consent dialog. */
export function mountConsentStart(app: Hono<AppEnvironment>, { attempts, limit, trustProxy, ...entra }: Options): void {
  app.get('/consent/start', async (context) => {
    context.header('cache-control', 'no-store');
    const seconds = limit.refusedFor(`/consent/start ${clientAddress(context, trustProxy)}`);
    if (seconds !== undefined)
      return context.text('Too many requests. Close this window and start again.', 429, {
        'retry-after': String(seconds),
      });
    const state = context.req.query('state') ?? '';
    const tenantId = /^[A-Za-z0-9_-]{43}$/.test(state) ? await attempts.tenantOf(state) : undefined;
    if (!tenantId) {
      return context.text(
        'This consent was not started here, or it took too long. Close this window and start again.',
        404,
      );
    }
    // The address Microsoft returns to is the configured one; nothing in the request has a say in it.
    const redirectUri = `${entra.publicUrl}/consent/end`;
    return context.redirect(adminConsentUrl({ ...entra, tenantId, redirectUri, state }), 302);
  });
}
