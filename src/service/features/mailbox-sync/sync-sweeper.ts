import type { TenantId } from '../../../domain/ids.ts';
import type { Logger } from '../../log.ts';
import type { SessionClaims } from './session-claims.store.ts';

/** Looks from time to time whether mailboxes are due. */
export interface SyncSweeper {
  /** Looks once. @returns in how many tenants a round was started */
  sweep(): Promise<number>;
  start(): void;
  stop(): Promise<void>;
}

interface Dependencies {
  readonly sessions: Pick<SessionClaims, 'openRounds'>;
  readonly tenantIds: readonly TenantId[];
  readonly logger: Logger;
  /** 0: only when it is told to. */
  readonly everySeconds: number;
}

export function createSyncSweeper({ sessions, tenantIds, logger, everySeconds }: Dependencies): SyncSweeper {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<unknown> | undefined;
  const sweep = () => sessions.openRounds(tenantIds);

  return {
    sweep,
    start() {
      if (everySeconds === 0) return;
      timer = setInterval(() => {
        looking ??= sweep()
          .catch((error: unknown) => logger.error({ err: error }, 'sweep failed'))
          .finally(() => {
            looking = undefined;
          });
      }, everySeconds * 1000);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}
