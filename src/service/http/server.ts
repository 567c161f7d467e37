import type { Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Config } from '../config.ts';
import type { AppEnvironment } from './api.ts';

export interface ListeningServer {
  readonly port: number;
  /** Stops accepting; open requests get `graceMs` to end. */
  close(graceMs: number): Promise<void>;
}

/** The port is taken by another process. */
export class PortInUse extends Error {}

/**
 * Listens. Slow clients are cut: Node's own limits are made for uploads.
 * @throws PortInUse
 */
export async function listen(app: Hono<AppEnvironment>, { host, port, tls }: Config['http']): Promise<ListeningServer> {
  const limits = {
    headersTimeout: 10_000,
    requestTimeout: 20_000,
    keepAliveTimeout: 30_000,
    connectionsCheckingInterval: 2_000,
  };
  const server = createAdaptorServer({
    fetch: app.fetch,
    ...(tls
      ? { createServer: createHttpsServer, serverOptions: { ...limits, cert: tls.certificate, key: tls.key } }
      : { serverOptions: limits }),
  } as Parameters<typeof createAdaptorServer>[0]) as Server;
  server.maxConnections = 2_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      reject(isTaken ? new PortInUse(`port ${port} on ${host} is in use`) : error);
    });
    server.listen(port, host, () => resolve());
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close(graceMs) {
      const hurry = setTimeout(() => server.closeAllConnections(), graceMs);
      return new Promise((resolve) => {
        server.close(() => {
          clearTimeout(hurry);
          resolve();
        });
        server.closeIdleConnections();
      });
    },
  };
}
