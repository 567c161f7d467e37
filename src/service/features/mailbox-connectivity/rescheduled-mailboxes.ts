import { sql } from 'kysely';
import type { CheckId, TenantId, UserId } from '../../../domain/ids.ts';
import type { StoredCheck } from '../../db/schema/mailbox-connectivity.ts';
import type { Tx } from '../../db/schema.ts';
import type { MailboxResult } from '../../mailbox-probes/mailbox-result.ts';
import type { Queue } from '../../queue/queue.ts';

export const rescheduledJobName = 'mailbox-connectivity.ask-rescheduled';

/** So many rows change with one statement that it ends well before the deadline of statements. */
const rowsAtOnce = 5_000;
/** Mailboxes that were put off until about the same time are asked together. */
const apartSeconds = 300;

/** A mailbox that is put off again and again is left to the next check that somebody starts. */
const mostReschedules = 7;

type OfCheck = Pick<StoredCheck, 'tenant_id' | 'id'>;

/** Notes, with results that were just stored, whom Microsoft put off. A result older than another run's says nothing. */
export async function saveRescheduled(
  tx: Tx,
  { tenant_id: tenantId, id, reschedules }: StoredCheck,
  results: readonly MailboxResult[],
): Promise<void> {
  const putOff = results.flatMap(({ userId, checkedAt, rescheduledUntil }) =>
    rescheduledUntil ? [{ userId, ms: checkedAt.getTime(), untilMs: rescheduledUntil.getTime() }] : [],
  );
  if (putOff.length === 0 || reschedules >= mostReschedules) return;
  await sql`
    update mailbox_access a set rescheduled_until = to_timestamp(r.until_ms / 1000), rescheduled_by = ${id}::uuid
    from unnest(
      ${putOff.map(({ userId }) => userId)}::uuid[],
      ${putOff.map(({ ms }) => ms)}::float8[],
      ${putOff.map(({ untilMs }) => untilMs)}::float8[]
    ) as r (user_id, ms, until_ms)
    where a.tenant_id = ${tenantId}::uuid and a.user_id = r.user_id
      and coalesce(a.attempt_at, a.checked_at) = to_timestamp(r.ms / 1000)
  `.execute(tx);
}

/** Has the mailboxes that Microsoft put off in a check asked again when the first of them may be. */
export async function enqueueRescheduled(
  tx: Tx,
  queue: Pick<Queue, 'enqueue'>,
  { tenant_id: tenantId, id: checkId }: OfCheck,
  { now, afterOthers = false }: { readonly now: Date; readonly afterOthers?: boolean },
): Promise<void> {
  const { first } = await tx
    .selectFrom('mailbox_access')
    .select((eb) => eb.fn.min('rescheduled_until').as('first'))
    .where('tenant_id', '=', tenantId)
    .where('rescheduled_by', '=', checkId)
    .executeTakeFirstOrThrow();
  if (!first) return;
  const seconds = Math.ceil((first.getTime() - now.getTime()) / 1000);
  const startAfterSeconds = Math.max(seconds, afterOthers ? apartSeconds : 1);
  await queue.enqueue(tx, { name: rescheduledJobName }, { tenantId, checkId }, { startAfterSeconds });
}

/**
 * Mailboxes that a check put off and that may be asked again; they are nobody's from now on.
 * @param until those that were put off until then; absent for all of them
 */
export async function takeRescheduled(tx: Tx, { tenant_id: tenantId, id }: OfCheck, until?: Date): Promise<UserId[]> {
  const taken: UserId[] = [];
  for (;;) {
    const { rows } = await sql<{ user_id: UserId }>`
      update mailbox_access set rescheduled_until = null, rescheduled_by = null
      where tenant_id = ${tenantId} and user_id in (
        select user_id from mailbox_access
        where tenant_id = ${tenantId} and rescheduled_by = ${id}
          and (${until ?? null}::timestamptz is null or rescheduled_until <= ${until ?? null}::timestamptz)
        order by rescheduled_until
        limit ${rowsAtOnce}
      )
      returning user_id
    `.execute(tx);
    for (const { user_id: userId } of rows) taken.push(userId);
    if (rows.length < rowsAtOnce) return taken;
  }
}

/** When the first mailbox that a check put off is asked again, by check. */
export async function rescheduledUntilOf(
  source: Pick<Tx, 'selectFrom'>,
  tenantId: TenantId,
  checkIds: readonly CheckId[],
): Promise<ReadonlyMap<CheckId, Date>> {
  const rows = await source
    .selectFrom('checks as c')
    .select((eb) => [
      'c.id',
      eb
        .selectFrom('mailbox_access as a')
        .select((inner) => inner.fn.min('a.rescheduled_until').as('until'))
        .where('a.tenant_id', '=', tenantId)
        .whereRef('a.rescheduled_by', '=', 'c.id')
        .as('until'),
    ])
    .where('c.tenant_id', '=', tenantId)
    .where('c.id', 'in', checkIds)
    .execute();
  return new Map(rows.flatMap(({ id, until }) => (until ? [[id, until] as const] : [])));
}
