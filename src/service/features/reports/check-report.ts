import { statusWords } from '../../../contract/list-words.ts';
import type { CheckComparison, CheckScope, ConnectivityCheck } from '../../../contract/mailbox-connectivity.ts';
import { reasonWords } from '../../../contract/reasons.ts';
import { runStateWords } from '../../../contract/report-words.ts';
import { accessStatuses } from '../../../domain/mailbox-access/verdict.ts';
import type { PauseReason } from '../../../domain/mailbox-connectivity/run-state.ts';
import type { CheckEvidence } from './check-evidence.ts';
import { type Html, html } from './html.ts';
import { facts, table, utc, whole } from './report-parts.ts';
import { actions, limits, namesOf, permissions } from './report-sections.ts';

/** The evidence as the body of a page, in the order in which an auditor asks. */
export function checkReport(evidence: CheckEvidence): Html {
  return html`<h1>Evidence report: mailbox connectivity</h1>
${standing(evidence.check)}
${identity(evidence)}
${findings(evidence.check)}
${changes(evidence.comparison)}
${permissions(evidence.consents, 'check')}
${limits(evidence.applications, 'check')}
${actions(evidence.activities, 'check')}
`;
}

const pausedBecause: Readonly<Record<PauseReason, string>> = {
  admin: 'by an admin',
  consent_changed: 'because consent was withdrawn',
};

/** Whether the numbers below are all there is, in one sentence. */
function standing({ state, done, total, pausedBecause: why }: ConnectivityCheck): Html {
  const reached = `${whole(done)} of ${whole(total)} mailboxes have a result.`;
  if (state === 'completed') return html`<p class="state">Complete: ${reached}</p>`;
  if (state === 'cancelled') return html`<p class="state">Partial: the check was cancelled. ${reached}</p>`;
  if (state === 'failed') return html`<p class="state">Partial: the check could not finish. ${reached}</p>`;
  if (state === 'paused')
    return html`<p class="state">Interim: the check is paused ${why ? pausedBecause[why] : ''}. ${reached}</p>`;
  return html`<p class="state">Interim: the check has not ended. ${reached}</p>`;
}

const scopeWords: Readonly<Record<CheckScope, string>> = {
  organization: 'Everybody in the organization',
  tenant: 'Everybody in every organization',
  selection: 'Chosen mailboxes',
  group: 'Members of a group',
  retry: 'Mailboxes that an earlier check could not tell',
  ring: 'A ring of a migration from Exchange Web Services',
};

function identity({ tenantId, applications, version, madeAt, madeBy, check }: CheckEvidence): Html {
  const organization = check.organizationId && `${check.organizationName ?? 'deleted'} (${check.organizationId})`;
  return facts([
    ['Tenant', tenantId],
    ['Application', namesOf(applications)],
    ['Organization', organization ?? 'all'],
    ['Mailboxes', scopeWords[check.scope]],
    ...(check.groupName === null ? [] : [['Group', check.groupName] as const]),
    [
      'Connection',
      check.changesConnection
        ? `${whole(check.switched)} users were switched${check.kept > 0 ? `; ${whole(check.kept)} were left on Exchange Web Services, because their ring went back` : ''}`
        : 'nothing was changed',
    ],
    ['Check', check.id],
    ['State', runStateWords[check.state]],
    ['Started by', `${check.startedBy.displayName} (${check.startedBy.userId})`],
    ['Asked for', utc(check.createdAt)],
    ['Started', utc(check.startedAt)],
    ['Ended', utc(check.finishedAt)],
    ...(check.rescheduledUntil === null
      ? []
      : [['Put off by Microsoft', `asked again by itself from ${utc(check.rescheduledUntil)}`] as const]),
    ['Report', `${utc(madeAt)}, for ${madeBy}, by Mailbox Access ${version}`],
  ]);
}

function findings({ counts, causes, done }: ConnectivityCheck): Html {
  return html`<h2>What was found</h2>
${table(
  [['Status'], ['Mailboxes', 'number']],
  [...accessStatuses.map((status) => [statusWords[status], counts[status]] as const), ['All with a result', done]],
)}
<h2>Why mailboxes are not working</h2>
${
  causes.length === 0
    ? html`<p>No mailbox with a result has a cause to name.</p>`
    : table(
        [['Status'], ['Cause'], ['What to do'], ['Mailboxes', 'number']],
        causes.map(({ status, reason, count }) => [
          statusWords[status],
          reasonWords[reason].title,
          reasonWords[reason].remedy,
          count,
        ]),
      )
}`;
}

function changes(comparison: CheckComparison | undefined): Html {
  if (!comparison?.earlier) {
    const why = comparison
      ? 'There is no earlier check of the same mailboxes whose results are kept.'
      : 'A check is compared when it has ended.';
    return html`<h2>Against the check before</h2><p>${why}</p>`;
  }
  const { earlier, newly, added, gone } = comparison;
  return html`<h2>Against the check before</h2>
<p>Check ${earlier.id}, ended ${utc(earlier.finishedAt)}.</p>
${table(
  [['Mailboxes that'], ['Number', 'number']],
  [
    ...newly.map(({ status, count }) => [`are “${statusWords[status]}” and were something else`, count] as const),
    ['were not part of it', added],
    ['are not part of it any more', gone],
  ],
)}`;
}
