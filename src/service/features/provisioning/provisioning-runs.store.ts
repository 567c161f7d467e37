import { type ExpressionBuilder, sql } from 'kysely';
import type { FileProblem } from '../../../contract/provisioning.ts';
import type { Place } from '../../../domain/eligibility/eligibility.ts';
import type { OrganizationId, ProvisioningId, TenantId, UserId } from '../../../domain/ids.ts';
import type { ReasonCode } from '../../../domain/mailbox-access/reason.ts';
import type { ConnectionType } from '../../../domain/mailbox-sync/mailbox-state.ts';
import type { KeyKind } from '../../../domain/provisioning/csv-row.ts';
import { addableVerdicts, type RowVerdict } from '../../../domain/provisioning/row-verdict.ts';
import { ownRegistration, type RegistrationName } from '../../../domain/registration.ts';
import type { RecordActivity } from '../../audit.ts';
import type { Clock } from '../../clock.ts';
import type { StoredProvisioning } from '../../db/schema/provisioning.ts';
import type { Db, Schema, Tx } from '../../db/schema.ts';
import { inBulkTransaction, inTransaction } from '../../db/transaction.ts';
import { passStep } from '../../steps.ts';
import { insertRows, type NewRow } from './provisioning-rows.store.ts';
import type { GivenPerson } from './provisionings.store.ts';
import { countVerdicts, markRepeated, type RowResult, saveVerdicts, setVerdicts } from './row-verdicts.store.ts';

/** A row that nobody has been looked up for. */
export interface WaitingRow {
  readonly line: number;
  readonly keyKind: KeyKind;
  readonly key: string;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
  readonly mail: string | null;
}

/** What a worker does with a provisioning that it took over. Whatever answers false says: it is another's by now. */
export interface ProvisioningRuns {
  claim(tenantId: TenantId, id: ProvisioningId): Promise<StoredProvisioning | undefined>;
  /** The application of the organization that people are to come into: it reads the directory. */
  registrationOf(claimed: StoredProvisioning): Promise<RegistrationName>;
  /** Adds rows of the source; `until` is where the next worker goes on. */
  stage(
    claimed: StoredProvisioning,
    rows: readonly NewRow[],
    until: { readonly line: number; readonly nextLink: string | null },
  ): Promise<boolean>;
  /** All rows are here: who is named again is told, and the file is forgotten. */
  endStaging(claimed: StoredProvisioning): Promise<boolean>;
  waiting(claimed: StoredProvisioning, after: number, limit: number): Promise<WaitingRow[]>;
  /** Where people are already, seen from the organization that they are to come into. */
  places(claimed: StoredProvisioning, ids: readonly UserId[]): Promise<ReadonlyMap<UserId, Place>>;
  save(claimed: StoredProvisioning, results: readonly RowResult[]): Promise<boolean>;
  endChecking(claimed: StoredProvisioning): Promise<void>;
  stop(claimed: StoredProvisioning, because: ReasonCode): Promise<void>;
  /** The file cannot be read after all: nothing of it stays. */
  refuse(claimed: StoredProvisioning, problem: FileProblem, line: number | null): Promise<void>;
  /** Adds the next people of a verdict. @returns the last line of them, or undefined when there are no more */
  addSome(claimed: StoredProvisioning, verdict: RowVerdict, after: number): Promise<number | undefined>;
  endApplying(claimed: StoredProvisioning): Promise<void>;
}

interface Dependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly recordActivity: RecordActivity;
  /** Adds who is not a user yet. @returns who was added */
  readonly insertUsers: (
    tx: Tx,
    tenantId: TenantId,
    organization: { readonly id: OrganizationId; readonly name: string; readonly connection_type: ConnectionType },
    users: readonly GivenPerson[],
    now: Date,
  ) => Promise<UserId[]>;
}

/** The embedded database has one connection: a list that is opened meanwhile waits for one transaction. */
const mostResultsAtOnce = 500;
const mostUsersAtOnce = 300;

/** A worker that was paused past its lease has an older number; one that was cancelled meanwhile, another state. */
function isOwned({ tenant_id, id, fence, state }: StoredProvisioning) {
  return ({ eb, and }: ExpressionBuilder<Schema, 'provisionings'>) =>
    and([eb('tenant_id', '=', tenant_id), eb('id', '=', id), eb('fence', '=', fence), eb('state', '=', state)]);
}

export function createProvisioningRuns({ db, clock, recordActivity, insertUsers }: Dependencies): ProvisioningRuns {
  return {
    async registrationOf({ tenant_id, organization_id }) {
      const organization = await db
        .selectFrom('organizations')
        .select('registration')
        .where('tenant_id', '=', tenant_id)
        .where('id', '=', organization_id)
        .executeTakeFirst();
      return organization?.registration ?? ownRegistration;
    },

    async claim(tenantId, id) {
      return db
        .updateTable('provisionings')
        .set((eb) => ({ fence: eb('fence', '+', 1) }))
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .where('state', 'in', ['checking', 'applying'])
        .returningAll()
        .executeTakeFirst();
    },

    async stage(claimed, rows, { line, nextLink }) {
      const done = rows.filter(({ verdict }) => verdict !== 'waiting').length;
      const isStaged = await inBulkTransaction(db, async (tx) => {
        const isMine = await move(
          tx,
          claimed,
          { total: rows.length, checked: done },
          { staged_line: line, next_link: nextLink },
        );
        if (isMine) await insertRows(tx, claimed, rows);
        return isMine;
      });
      passStep('results.saved');
      return isStaged;
    },

    async endStaging(claimed) {
      return inTransaction(db, async (tx) => {
        const isMine = await move(tx, claimed, {}, { is_staged: true, next_link: null });
        if (!isMine) return false;
        const repeated = await markRepeated(tx, claimed, 'key');
        await move(tx, claimed, { checked: repeated });
        await forgetFile(tx, claimed);
        return true;
      });
    },

    async waiting({ tenant_id, id }, after, limit) {
      const rows = await db
        .selectFrom('provisioning_rows')
        .select(['line', 'key_kind', 'key', 'display_name', 'user_principal_name', 'mail'])
        .where('tenant_id', '=', tenant_id)
        .where('provisioning_id', '=', id)
        .where('verdict', '=', 'waiting')
        .where('line', '>', after)
        .orderBy('line')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        line: row.line,
        keyKind: row.key_kind,
        key: row.key,
        displayName: row.display_name,
        userPrincipalName: row.user_principal_name,
        mail: row.mail,
      }));
    },

    places: (claimed, ids) => placesOf(db, claimed, ids),

    async save(claimed, results) {
      for (let start = 0; start < results.length; start += mostResultsAtOnce) {
        const some = results.slice(start, start + mostResultsAtOnce);
        const isSaved = await inBulkTransaction(db, async (tx) => {
          const isMine = await move(tx, claimed, { checked: some.length });
          if (isMine) await saveVerdicts(tx, claimed, some);
          return isMine;
        });
        if (!isSaved) return false;
        passStep('results.saved');
      }
      return true;
    },

    async endChecking(claimed) {
      await inTransaction(db, async (tx) => {
        if (!(await move(tx, claimed, {}))) return;
        // One person by two names: an address and an alias of it.
        await markRepeated(tx, claimed, 'user_id');
        await move(tx, claimed, {}, { counts: await countVerdicts(tx, claimed), state: 'ready' });
      });
    },

    async stop(claimed, because) {
      await move(db, claimed, {}, { state: 'stopped', stopped_because: because });
    },

    async refuse(claimed, problem, line) {
      await inTransaction(db, async (tx) => {
        const refused = { refusal_problem: problem, refusal_line: line };
        const isMine = await move(tx, claimed, {}, { state: 'refused', ...refused, total: 0, checked: 0 });
        if (!isMine) return;
        await forgetFile(tx, claimed);
        await tx
          .deleteFrom('provisioning_rows')
          .where('tenant_id', '=', claimed.tenant_id)
          .where('provisioning_id', '=', claimed.id)
          .execute();
      });
    },

    async addSome(claimed, verdict, after) {
      const { tenant_id: tenantId, id, organization_id: organizationId } = claimed;
      const last = await inTransaction(db, async (tx) => {
        if (!(await move(tx, claimed, {}))) return undefined;
        const rows = await tx
          .selectFrom('provisioning_rows')
          .select(['line', 'user_id', 'display_name', 'user_principal_name', 'mail'])
          .where('tenant_id', '=', tenantId)
          .where('provisioning_id', '=', id)
          .where('verdict', '=', verdict)
          .where('line', '>', after)
          .orderBy('line')
          .limit(mostUsersAtOnce)
          .execute();
        if (rows.length === 0) return undefined;
        const organization = await tx
          .selectFrom('organizations')
          .select(['id', 'name', 'connection_type'])
          .where('tenant_id', '=', tenantId)
          .where('id', '=', organizationId)
          .executeTakeFirstOrThrow();
        const people = rows.map((row) => ({
          id: row.user_id as UserId,
          displayName: row.display_name ?? row.user_principal_name ?? '',
          userPrincipalName: row.user_principal_name ?? '',
          mail: row.mail,
        }));
        const added = new Set(await insertUsers(tx, tenantId, organization, people, clock.now()));
        // Somebody may have come here another way since the rows were looked up.
        const elsewhere = await placesOf(
          tx,
          claimed,
          people.map((one) => one.id).filter((one) => !added.has(one)),
        );
        const verdictOf = (userId: UserId) =>
          added.has(userId) ? 'added' : elsewhere.get(userId) === 'here' ? 'already_here' : 'in_another_organization';
        await setVerdicts(
          tx,
          claimed,
          rows.map((row) => ({ line: row.line, verdict: verdictOf(row.user_id as UserId) })),
        );
        await move(tx, claimed, { added: added.size });
        return rows.at(-1)?.line;
      });
      passStep('results.saved');
      return last;
    },

    async endApplying(claimed) {
      await inTransaction(db, async (tx) => {
        const counts = await countVerdicts(tx, claimed);
        const end = { state: 'applied' as const, counts, finished_at: clock.now() };
        if (!(await move(tx, claimed, {}, end))) return;
        const { added, organizationName } = await tx
          .selectFrom('provisionings as p')
          .innerJoin('organizations as o', (join) =>
            join.onRef('o.tenant_id', '=', 'p.tenant_id').onRef('o.id', '=', 'p.organization_id'),
          )
          .select(['p.added', 'o.name as organizationName'])
          .where('p.tenant_id', '=', claimed.tenant_id)
          .where('p.id', '=', claimed.id)
          .executeTakeFirstOrThrow();
        if (added === 0) return;
        await recordActivity(tx, {
          tenantId: claimed.tenant_id,
          type: 'users.added',
          by: {
            userId: claimed.applied_by ?? claimed.started_by,
            displayName: claimed.applied_by_name ?? claimed.started_by_name,
          },
          organization: { id: claimed.organization_id, name: organizationName },
          details: { users: added, source: claimed.source },
        });
      });
    },
  };
}

/** Verdicts of whom a run adds, one after the other. */
export function verdictsToAdd({ includes_fixable: includesFixable }: StoredProvisioning): readonly RowVerdict[] {
  return addableVerdicts(includesFixable);
}

type Change = Partial<
  Pick<
    StoredProvisioning,
    | 'state'
    | 'is_staged'
    | 'staged_line'
    | 'next_link'
    | 'stopped_because'
    | 'refusal_problem'
    | 'refusal_line'
    | 'total'
    | 'checked'
    | 'finished_at'
  >
> & { counts?: string };

/** Moves what a worker owns on. @returns false when it is another's by now */
async function move(
  db: Db | Tx,
  claimed: StoredProvisioning,
  more: { readonly total?: number; readonly checked?: number; readonly added?: number },
  change: Change = {},
): Promise<boolean> {
  const moved = await db
    .updateTable('provisionings')
    .set((eb) => ({
      total: eb('total', '+', more.total ?? 0),
      checked: eb('checked', '+', more.checked ?? 0),
      added: eb('added', '+', more.added ?? 0),
      ...change,
    }))
    .where(isOwned(claimed))
    .returning('id')
    .executeTakeFirst();
  return moved !== undefined;
}

async function placesOf(
  db: Db | Tx,
  { tenant_id: tenantId, organization_id: organizationId }: StoredProvisioning,
  ids: readonly UserId[],
): Promise<ReadonlyMap<UserId, Place>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('users')
    .select(['id', 'organization_id'])
    .where('tenant_id', '=', tenantId)
    .where('id', '=', sql<UserId>`any(${ids}::uuid[])`)
    .execute();
  return new Map(rows.map((row) => [row.id, row.organization_id === organizationId ? 'here' : 'elsewhere']));
}

async function forgetFile(tx: Tx, of: StoredProvisioning): Promise<void> {
  await tx
    .deleteFrom('provisioning_pieces')
    .where('tenant_id', '=', of.tenant_id)
    .where('provisioning_id', '=', of.id)
    .execute();
}
