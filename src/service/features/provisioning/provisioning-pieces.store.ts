import { sql } from 'kysely';
import type { ProvisioningId, TenantId } from '../../../domain/ids.ts';
import { AppError } from '../../app-error.ts';
import type { Db } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';

/**
 * Saves a piece of a file that begins where the one before ended, in a short transaction: nothing waits for the network
 * in one.
 * @returns where the next one begins
 * @throws AppError when it is another piece, or more than the file was said to have
 */
export async function savePiece(
  db: Db,
  tenantId: TenantId,
  id: ProvisioningId,
  startsAt: number,
  content: Uint8Array,
): Promise<number> {
  return inTransaction(db, async (tx) => {
    const before = await tx
      .selectFrom('provisionings')
      .select(['received_bytes', 'file_bytes', 'state'])
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (!before) throw new AppError('provisioning.not_found');
    const { received_bytes: receivedBytes, file_bytes: fileBytes, state } = before;
    if (state !== 'receiving') throw new AppError('provisioning.wrong_state', { details: { state } });
    const end = startsAt + content.length;
    if (receivedBytes !== startsAt || end > (fileBytes ?? 0)) {
      throw new AppError('provisioning.wrong_offset', { details: { receivedBytes, bytes: fileBytes ?? 0 } });
    }
    // As one text: the embedded engine's driver makes an array of texts out of bytes, one for each.
    const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('base64');
    await sql`
      insert into provisioning_pieces (tenant_id, provisioning_id, starts_at, content)
      values (${tenantId}, ${id}, ${startsAt}, decode(${text}, 'base64'))
    `.execute(tx);
    await tx
      .updateTable('provisionings')
      .set({ received_bytes: end })
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .execute();
    return end;
  });
}

/** The file, one piece at a time. */
export async function* piecesOf(db: Db, tenantId: TenantId, id: ProvisioningId): AsyncGenerator<Uint8Array> {
  for (let after = -1; ; ) {
    const piece = await db
      .selectFrom('provisioning_pieces')
      .select([sql<number>`starts_at`.as('starts_at'), sql<string>`encode(content, 'base64')`.as('text')])
      .where('tenant_id', '=', tenantId)
      .where('provisioning_id', '=', id)
      .where('starts_at', '>', after)
      .orderBy('starts_at')
      .limit(1)
      .executeTakeFirst();
    if (!piece) return;
    after = piece.starts_at;
    yield Buffer.from(piece.text, 'base64');
  }
}
