import type { EwsMigration } from '../../../contract/ews-migrations.ts';
import {
  holdWords,
  migrantStateWords,
  migrationStateWords,
  ringStateWords,
  ringWords,
} from '../../../contract/migration-words.ts';
import { reasonWords } from '../../../contract/reasons.ts';
import { type MigrantState, migrantStates } from '../../../domain/ews-migration/migrant-state.ts';
import { type Html, html } from './html.ts';
import { type MigrationEvidence, mostNamed } from './migration-evidence.ts';
import { facts, table, utc, whole } from './report-parts.ts';
import { actions, limits, namesOf, permissions } from './report-sections.ts';

/** The evidence as the body of a page, in the order in which an auditor asks. */
export function migrationReport(evidence: MigrationEvidence): Html {
  return html`<h1>Evidence report: leaving Exchange Web Services</h1>
${standing(evidence.migration)}
${identity(evidence)}
${rings(evidence.migration)}
${causes(evidence)}
${notMoved(evidence)}
${exchange(evidence.cockpit)}
${permissions(evidence.consents, 'migration')}
${limits(evidence.applications, 'migration')}
${actions(evidence.activities, 'migration')}
`;
}

const sumOf = ({ rings }: EwsMigration, state: MigrantState) =>
  rings.reduce((sum, { counts }) => sum + counts[state], 0);

/** Whether the numbers below are all there is, in one sentence. */
function standing(migration: EwsMigration): Html {
  const reached = `${whole(sumOf(migration, 'on_graph'))} of ${whole(migration.total)} users are on Microsoft Graph.`;
  if (migration.state === 'completed') return html`<p class="state">Complete: ${reached}</p>`;
  if (migration.state === 'cancelled')
    return html`<p class="state">Partial: the migration was cancelled. ${reached}</p>`;
  const held = migration.rings.find(({ state }) => state === 'held');
  const why = held?.heldBecause
    ? `the ring “${ringWords[held.name]}” is held, because ${holdWords[held.heldBecause]}`
    : '';
  return html`<p class="state">Interim: ${why || 'the migration has not ended'}. ${reached}</p>`;
}

function identity({ tenantId, applications, version, madeAt, madeBy, migration }: MigrationEvidence): Html {
  const { organizationName, organizationId, startedBy, failureLimit, returnsHeldRings } = migration;
  return facts([
    ['Tenant', tenantId],
    ['Application', namesOf(applications)],
    ['Application over Exchange Web Services', migration.ewsAppId],
    ['Organization', `${organizationName} (${organizationId})`],
    ['Migration', migration.id],
    ['State', migrationStateWords[migration.state]],
    ['Limit of failures', `${failureLimit} % of a ring; above it the ring holds`],
    ['Rings that hold', returnsHeldRings ? 'go back by themselves where they may' : 'wait for an admin'],
    ['Started by', `${startedBy.displayName} (${startedBy.userId})`],
    ['Started', utc(migration.createdAt)],
    ['Ended', utc(migration.endedAt)],
    ['Report', `${utc(madeAt)}, for ${madeBy}, by Mailbox Access ${version}`],
  ]);
}

function rings(migration: EwsMigration): Html {
  const number = 'number' as const;
  return html`<h2>Rings</h2>
${table(
  [['Ring'], ['State'], ['Check'], ['Started'], ['Ended'], ['Users', number]],
  migration.rings.map(({ name, state, heldBecause, check, startedAt, endedAt, total }) => [
    ringWords[name],
    heldBecause ? `${ringStateWords[state]}: ${holdWords[heldBecause]}` : ringStateWords[state],
    check?.id ?? '–',
    utc(startedAt),
    utc(endedAt),
    total,
  ]),
)}
<h2>Where everybody is</h2>
<p class="quiet">Each user is in exactly one row and ring.</p>
${table(
  [['Users who are'], ...migration.rings.map(({ name }) => [ringWords[name], number] as const), ['All', number]],
  [
    ...migrantStates.map((state) => [
      migrantStateWords[state],
      ...migration.rings.map(({ counts }) => counts[state]),
      sumOf(migration, state),
    ]),
    ['All', ...migration.rings.map(({ total }) => total), migration.total],
  ],
)}`;
}

function causes({ causes: all }: MigrationEvidence): Html {
  if (all.length === 0) return html`<h2>Why users are not on Microsoft Graph</h2><p>No check has found a cause.</p>`;
  return html`<h2>Why users are not on Microsoft Graph</h2>
${table(
  [['Cause'], ['What to do'], ['Users', 'number']],
  all.map(({ reason, count }) => [reasonWords[reason].title, reasonWords[reason].remedy, count]),
)}`;
}

function notMoved({ notMoved: users, migration }: MigrationEvidence): Html {
  if (users.length === 0) return html``;
  const more = sumOf(migration, 'failed') + sumOf(migration, 'untold') - users.length;
  return html`<h2>Who could not be moved</h2>
${table(
  [['User'], ['Address'], ['Ring'], ['State'], ['Cause']],
  users.map(({ id, displayName, address, ring, state, reason }) => [
    displayName ?? id,
    address ?? '–',
    ringWords[ring],
    migrantStateWords[state],
    reason ? reasonWords[reason].title : '–',
  ]),
)}
${more > 0 ? html`<p class="state">${whole(more)} more are left out after the first ${whole(mostNamed)}.</p>` : ''}`;
}

function exchange({ reading, onEws, users, shutdown }: MigrationEvidence['cockpit']): Html {
  const left = html`<p>${whole(onEws)} of ${whole(users)} users of the tenant are on Exchange Web Services, which Microsoft shuts
down on ${utc(shutdown)}.</p>`;
  if (!reading) return html`<h2>Exchange Web Services in the tenant</h2>${left}<p>Exchange was not read.</p>`;
  const enabled = reading.enabled === null ? 'not set' : reading.enabled ? 'on' : 'off';
  return html`<h2>Exchange Web Services in the tenant</h2>
${left}
${facts([
  ['Read', `${utc(reading.readAt)}, by ${reading.source}`],
  ['Switch (EwsEnabled)', enabled],
  ['Allow-list (EwsAllowedAppIDs)', reading.allowedAppIds.join(', ') || 'empty'],
])}`;
}
