import type { TenantId } from '../../../domain/ids.ts';
import type { Logger } from '../../log.ts';
import { type EndedSession, serviceFault } from './session-outcome.ts';
import type { SessionOutcomes } from './session-outcomes.store.ts';

/**
 * Stores what sessions found. What the database does not take of one mailbox ends that one's session as a fault of ours,
 * and no other.
 * @throws when the database takes nothing at all
 */
export async function saveOutcomes(
  sessions: SessionOutcomes,
  tenantId: TenantId,
  ended: readonly EndedSession[],
  logger: Logger,
): Promise<void> {
  try {
    await sessions.save(tenantId, ended);
  } catch (error) {
    const [only, ...others] = ended;
    if (!only) return;
    if (others.length > 0) {
      const half = Math.ceil(ended.length / 2);
      await saveOutcomes(sessions, tenantId, ended.slice(0, half), logger);
      await saveOutcomes(sessions, tenantId, ended.slice(half), logger);
      return;
    }
    if (only.outcome === serviceFault) throw error;
    logger.error({ err: error, sessionId: only.session.id }, 'sync session could not be stored');
    await saveOutcomes(sessions, tenantId, [{ ...only, outcome: serviceFault }], logger);
  }
}
