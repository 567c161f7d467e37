import { sql } from 'kysely';
import type { Provisioning, ProvisioningSource } from '../../../contract/provisioning.ts';
import type { OrganizationId, ProvisioningId, TenantId, UserId } from '../../../domain/ids.ts';
import { type CsvMapping, suggestMapping } from '../../../domain/provisioning/csv-columns.ts';
import {
  nextProvisioningState,
  type ProvisioningEvent,
  type ProvisioningState,
} from '../../../domain/provisioning/provisioning-state.ts';
import { addableVerdicts } from '../../../domain/provisioning/row-verdict.ts';
import { AppError } from '../../app-error.ts';
import type { Admin } from '../../auth/admin.ts';
import type { Clock } from '../../clock.ts';
import type { StoredProvisioning } from '../../db/schema/provisioning.ts';
import type { Db, Tx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Queue } from '../../queue/queue.ts';
import { FileRefused, inspectCsv } from './csv-file.ts';
import { piecesOf, savePiece } from './provisioning-pieces.store.ts';
import { insertRows } from './provisioning-rows.store.ts';

export interface GivenPerson {
  readonly id: UserId;
  readonly displayName: string;
  readonly userPrincipalName: string;
  readonly mail: string | null;
}

export type NewProvisioning =
  | { readonly source: 'people' | 'groups'; readonly people: readonly GivenPerson[] }
  | { readonly source: 'csv'; readonly name: string; readonly bytes: number }
  | { readonly source: 'licensed' };

/** What an admin does with a provisioning, from its source to the word that adds people. */
export interface Provisionings {
  start(admin: Admin, organizationId: OrganizationId, wanted: NewProvisioning): Promise<ProvisioningId>;
  list(tenantId: TenantId, limit: number): Promise<Provisioning[]>;
  find(tenantId: TenantId, id: ProvisioningId): Promise<Provisioning | undefined>;
  /** Takes a part of the file as it arrives; with the last one the columns are known. */
  receive(tenantId: TenantId, id: ProvisioningId, offset: number, upload: AsyncIterable<Uint8Array>): Promise<void>;
  map(tenantId: TenantId, id: ProvisioningId, mapping: CsvMapping): Promise<void>;
  steer(tenantId: TenantId, id: ProvisioningId, wish: 'cancel' | 'resume' | 'discard'): Promise<void>;
  apply(admin: Admin, id: ProvisioningId, includesFixable: boolean): Promise<void>;
}

interface Dependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly queue: Pick<Queue, 'enqueue'>;
  /** Largest file that is taken. */
  readonly limitBytes: number;
}

export const provisioningJobName = 'provisioning.provision';
/** The same for a few people, under a name of its own: no file keeps them waiting. */
export const urgentProvisioningJobName = 'provisioning.provision-few';
const fewPeople = 1_000;

/** Names and addresses of people who were not added are nobody's to keep. */
const keptDays = 30;

export function createProvisionings({ db, clock, queue, limitBytes }: Dependencies): Provisionings {
  function enqueue(tx: Tx, { tenant_id: tenantId, id, source, total }: EnqueuedRow): Promise<void> {
    const isFew = (source === 'people' || source === 'groups') && total <= fewPeople;
    const name = isFew ? urgentProvisioningJobName : provisioningJobName;
    // One at a time in a tenant: however many files come, others get their turn.
    return queue.enqueue(tx, { name }, { tenantId, provisioningId: id }, { key: tenantId });
  }

  /** The row, locked, once the event fits its state. @throws AppError */
  async function locked(tx: Tx, tenantId: TenantId, id: ProvisioningId, event: ProvisioningEvent) {
    const row = await rowsOf(tx, tenantId).where('p.id', '=', id).forUpdate('p').executeTakeFirst();
    if (!row) throw new AppError('provisioning.not_found');
    const state = nextProvisioningState(row.state, event);
    if (!state) throw new AppError('provisioning.wrong_state', { details: { state: row.state } });
    return { row, state };
  }

  async function change(
    tx: Tx,
    tenantId: TenantId,
    id: ProvisioningId,
    event: ProvisioningEvent,
    more: { mapping?: string; applied_by?: UserId; applied_by_name?: string; includes_fixable?: boolean } = {},
  ): Promise<StoredProvisioning> {
    const { row, state } = await locked(tx, tenantId, id, event);
    await tx
      .updateTable('provisionings')
      .set({ ...more, state: state as ProvisioningState, stopped_because: null })
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .execute();
    return row;
  }

  /** Reads the beginning of a whole file. Another call may have done so meanwhile. */
  async function inspect(tenantId: TenantId, id: ProvisioningId): Promise<void> {
    const found = await inspectCsv(piecesOf(db, tenantId, id)).catch((error: unknown) => {
      if (error instanceof FileRefused) return error;
      throw error;
    });
    await db
      .updateTable('provisionings')
      .set(
        found instanceof FileRefused
          ? { state: 'refused', refusal_problem: found.problem, refusal_line: found.line }
          : {
              state: 'mapping',
              headings: JSON.stringify(found.headings),
              sample: JSON.stringify(found.sample),
              mapping: JSON.stringify(suggestMapping(found.headings)),
            },
      )
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .where('state', '=', 'receiving')
      .execute();
  }

  return {
    async start(admin, organizationId, wanted) {
      if (wanted.source === 'csv' && wanted.bytes > limitBytes) {
        throw new AppError('request.too_large', { details: { limitBytes } });
      }
      const { tenantId } = admin;
      const id = crypto.randomUUID() as ProvisioningId;
      const now = clock.now();
      const people = 'people' in wanted ? [...new Map(wanted.people.map((one) => [one.id, one])).values()] : [];
      const state = wanted.source === 'csv' ? 'receiving' : 'checking';
      await inTransaction(db, async (tx) => {
        await tx
          .deleteFrom('provisionings')
          .where('tenant_id', '=', tenantId)
          .where('state', 'not in', ['checking', 'applying'])
          .where('created_at', '<', new Date(now.getTime() - keptDays * 24 * 3600_000))
          .execute();
        await tx
          .insertInto('provisionings')
          .values({
            tenant_id: tenantId,
            id,
            organization_id: organizationId,
            source: wanted.source,
            state,
            file_name: wanted.source === 'csv' ? wanted.name : null,
            file_bytes: wanted.source === 'csv' ? wanted.bytes : null,
            headings: '[]',
            sample: '[]',
            mapping: '{}',
            counts: '[]',
            is_staged: people.length > 0,
            total: people.length,
            started_by: admin.userId,
            started_by_name: admin.displayName,
            created_at: now,
          })
          .execute();
        await insertRows(
          tx,
          { tenant_id: tenantId, id },
          people.map((one, index) => ({
            line: index + 1,
            verdict: 'waiting',
            keyKind: 'id',
            key: one.id,
            userId: one.id,
            displayName: one.displayName,
            userPrincipalName: one.userPrincipalName,
            mail: one.mail,
          })),
        );
        if (state === 'checking') {
          await enqueue(tx, { tenant_id: tenantId, id, source: wanted.source, total: people.length });
        }
      });
      return id;
    },

    async list(tenantId, limit) {
      const rows = await rowsOf(db, tenantId).orderBy('p.created_at', 'desc').orderBy('p.id').limit(limit).execute();
      return rows.map(toProvisioning);
    },

    async find(tenantId, id) {
      const row = await rowsOf(db, tenantId).where('p.id', '=', id).executeTakeFirst();
      return row && toProvisioning(row);
    },

    async receive(tenantId, id, offset, upload) {
      const row = await rowsOf(db, tenantId).where('p.id', '=', id).executeTakeFirst();
      if (!row) throw new AppError('provisioning.not_found');
      if (row.state !== 'receiving') throw new AppError('provisioning.wrong_state', { details: { state: row.state } });
      let received = offset;
      for await (const piece of piecesOfSize(upload)) {
        received = await savePiece(db, tenantId, id, received, piece);
      }
      const { receivedBytes } = await savedSoFar(db, tenantId, id, received);
      if (receivedBytes === row.file_bytes) await inspect(tenantId, id);
    },

    async map(tenantId, id, mapping) {
      await inTransaction(db, async (tx) => {
        const row = await change(tx, tenantId, id, 'map', { mapping: JSON.stringify(mapping) });
        const last = Math.max(...Object.values(mapping).filter((column) => column !== undefined));
        if (last >= row.headings.length) {
          throw new AppError('request.invalid', { details: { in: 'body', issues: ['mapping: no such column'] } });
        }
        await enqueue(tx, row);
      });
    },

    async steer(tenantId, id, wish) {
      await inTransaction(db, async (tx) => {
        if (wish === 'discard') {
          await locked(tx, tenantId, id, wish);
          await tx.deleteFrom('provisionings').where('tenant_id', '=', tenantId).where('id', '=', id).execute();
          return;
        }
        const row = await change(tx, tenantId, id, wish);
        if (wish === 'resume') await enqueue(tx, row);
      });
    },

    async apply(admin, id, includesFixable) {
      const { tenantId, userId, displayName } = admin;
      await inTransaction(db, async (tx) => {
        const row = await change(tx, tenantId, id, 'apply', {
          applied_by: userId,
          applied_by_name: displayName,
          includes_fixable: includesFixable,
        });
        const addable: readonly string[] = addableVerdicts(includesFixable);
        if (!row.counts.some(({ verdict }) => addable.includes(verdict))) throw new AppError('provisioning.nobody');
        await enqueue(tx, row);
      });
    },
  };
}

type EnqueuedRow = Pick<StoredProvisioning, 'tenant_id' | 'id' | 'total'> & { source: ProvisioningSource };

function rowsOf(db: Db | Tx, tenantId: TenantId) {
  return db
    .selectFrom('provisionings as p')
    .innerJoin('organizations as o', (join) =>
      join.onRef('o.tenant_id', '=', 'p.tenant_id').onRef('o.id', '=', 'p.organization_id'),
    )
    .selectAll('p')
    .select('o.name as organization_name')
    .where('p.tenant_id', '=', tenantId);
}

/** How much of the file is here. @throws AppError when it is not what the sender thinks */
async function savedSoFar(db: Db, tenantId: TenantId, id: ProvisioningId, expected: number) {
  const row = await db
    .selectFrom('provisionings')
    .select(sql<number>`received_bytes`.as('receivedBytes'))
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) throw new AppError('provisioning.not_found');
  const { receivedBytes } = row;
  if (receivedBytes !== expected) throw new AppError('provisioning.wrong_offset', { details: { receivedBytes } });
  return row;
}

const pieceBytes = 256 * 1024;

/** What arrives in small pieces is saved in larger ones, one at a time: a row each, whatever the network did. */
async function* piecesOfSize(upload: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of upload) {
    held.push(chunk);
    size += chunk.length;
    if (size < pieceBytes) continue;
    yield Buffer.concat(held);
    held = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(held);
}

function toProvisioning(row: StoredProvisioning & { organization_name: string }): Provisioning {
  return {
    id: row.id,
    organizationId: row.organization_id,
    organizationName: row.organization_name,
    source: row.source,
    state: row.state,
    stoppedBecause: row.stopped_because,
    refusal: row.refusal_problem ? { problem: row.refusal_problem, line: row.refusal_line } : null,
    file:
      row.file_name === null
        ? null
        : {
            name: row.file_name,
            bytes: row.file_bytes ?? 0,
            receivedBytes: row.received_bytes,
            headings: row.headings,
            mapping: row.mapping,
            sample: row.sample,
          },
    total: row.total,
    checked: row.checked,
    added: row.added,
    counts: row.counts,
    startedBy: { userId: row.started_by, displayName: row.started_by_name },
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}
