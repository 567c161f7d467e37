import { sql } from 'kysely';
import { z } from 'zod';
import type { AssignedPerson, listAssignedPeople } from '../../../contract/assignment-rules.ts';
import type { Answer, ParsedRequest } from '../../../contract/endpoint.ts';
import type { AssignmentRunId, TenantId } from '../../../domain/ids.ts';
import { AppError } from '../../app-error.ts';
import type { Db } from '../../db/schema.ts';

type Page = ParsedRequest<typeof listAssignedPeople>['query'];

/**
 * Whom a run found, by name.
 * @throws AppError `assignment.run_not_found`
 */
export async function listPeople(
  db: Db,
  tenantId: TenantId,
  runId: AssignmentRunId,
  { outcome, organizationId, limit, cursor }: Page,
): Promise<Answer<typeof listAssignedPeople>> {
  const after = cursor ? decodeCursor(cursor) : undefined;
  const run = await db
    .selectFrom('assignment_runs')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', runId)
    .where('kind', '<>', 'obsolete')
    .executeTakeFirst();
  if (!run) throw new AppError('assignment.run_not_found');
  const rows = await db
    .selectFrom('assignment_outcomes as p')
    .leftJoin('organizations as o', (join) =>
      join.onRef('o.tenant_id', '=', 'p.tenant_id').onRef('o.id', '=', 'p.organization_id'),
    )
    .leftJoin('organizations as f', (join) =>
      join.onRef('f.tenant_id', '=', 'p.tenant_id').onRef('f.id', '=', 'p.from_organization_id'),
    )
    .selectAll('p')
    .select(['o.name as organization_name', 'f.name as from_organization_name'])
    .where('p.tenant_id', '=', tenantId)
    .where('p.run_id', '=', runId)
    .where('p.outcome', '=', outcome)
    .$if(organizationId !== undefined, (query) => query.where('p.organization_id', '=', organizationId ?? null))
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(p.sort_name, p.user_id) > (${after?.name}, ${after?.id}::uuid)`),
    )
    .orderBy('p.sort_name')
    .orderBy('p.user_id')
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    people: page.map(
      (row): AssignedPerson => ({
        userId: row.user_id,
        displayName: row.display_name,
        address: row.address,
        outcome: row.outcome,
        reason: row.reason,
        organizationId: row.organization_id,
        organizationName: row.organization_name,
        fromOrganizationName: row.from_organization_name,
        ruleId: row.rule_id,
      }),
    ),
    nextCursor: rows.length > limit && last ? encodeCursor(last.sort_name, last.user_id) : null,
  };
}

const shape = z.tuple([z.string().max(600), z.guid()]);

function encodeCursor(name: string, id: string): string {
  return Buffer.from(JSON.stringify([name.slice(0, 600), id])).toString('base64url');
}

/** @throws AppError `request.invalid` for a cursor that we did not make */
function decodeCursor(cursor: string): { name: string; id: string } {
  try {
    const [name, id] = shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if (name.includes('\0')) throw new Error('NUL');
    return { name, id };
  } catch {
    throw new AppError('request.invalid', {
      details: { in: 'query', issues: ['cursor: not from a page of this list'] },
    });
  }
}
