import type { ScopeProof } from '../../../contract/mailbox-scope.ts';
import { activityWords, consentStateWords, proofVerdictWords } from '../../../contract/report-words.ts';
import type { Circumstances, ReportedApplication } from './evidence.ts';
import { type Html, html } from './html.ts';
import { table, utc, whole } from './report-parts.ts';

// What every report says of the circumstances.

/** What the report is about. */
type Subject = 'check' | 'migration';

/** What the organizations of a run were consented, as last verified. */
export function permissions(consents: Circumstances['consents'], subject: Subject): Html {
  return html`<h2>Consent</h2>
<p class="quiet">As last verified, which may be after the ${subject}.</p>
${
  consents.length === 0
    ? html`<p>The organizations of this ${subject} are not there any more.</p>`
    : table(
        [['Organization'], ['Impersonation status'], ['Verified'], ['Granted by'], ['Permissions']],
        consents.map(({ id, name, consent }) => [
          `${name} (${id})`,
          consentStateWords[consent.state],
          utc(consent.verifiedAt),
          consent.grantedBy?.displayName ?? '–',
          consent.permissions.map(({ permission, state }) => `${permission}: ${state.replaceAll('_', ' ')}`).join(', '),
        ]),
      )
}`;
}

/** The applications that reach the mailboxes, by client id. */
export function namesOf(applications: Circumstances['applications']): string {
  if (applications.length === 0) return 'none';
  return applications.map(nameOf).join(', ');
}

function nameOf({ registration, clientId }: ReportedApplication): string {
  const id = clientId ?? 'not configured any more';
  return registration === null ? id : `${id} (${registration})`;
}

/** The scope proofs: which mailboxes each application can open, tried from both sides. */
export function limits(applications: Circumstances['applications'], subject: Subject): Html {
  return html`<h2>Proof of the limit</h2>
${applications.map((application) => limit(application, subject))}`;
}

function limit(application: ReportedApplication, subject: Subject): Html {
  const { proof } = application;
  if (!proof) return html`<p>${nameOf(application)}: no limit of this application was proved.</p>`;
  const side = (name: string, { total, reachable, closed, couldNotTell, noMailbox }: ScopeProof['inside']) =>
    [name, total, reachable, closed, couldNotTell, noMailbox] as const;
  const number = 'number' as const;
  return html`<p class="quiet">${nameOf(application)}: the latest one, which may be from before or after the ${subject}.</p>
<p>${proofVerdictWords[proof.verdict]} Proof ${proof.id}, ${proof.isSweep ? 'every mailbox' : 'a sample'}, started
${utc(proof.startedAt)}, ended ${utc(proof.finishedAt)}.</p>
${table(
  [
    ['Side'],
    ['Tried', number],
    ['Open', number],
    ['Closed', number],
    ['Could not tell', number],
    ['No mailbox', number],
  ],
  [side('Should be in reach', proof.inside), side('Should stay closed', proof.outside)],
)}`;
}

/** The audit log of the time of a run. */
export function actions({ lines, leftOut }: Circumstances['activities'], subject: Subject): Html {
  return html`<h2>Who did what meanwhile</h2>
<p class="quiet">The tenant’s audit log from the start of the ${subject} to its end, or to this report.</p>
${table(
  [['When'], ['What'], ['Who'], ['Organization'], ['Details']],
  lines.map(({ at, type, by, organizationName, details }) => [
    utc(at),
    activityWords[type],
    by ? [by.name, by.id && `(${by.id})`].filter(Boolean).join(' ') : 'Mailbox Access',
    organizationName ?? '',
    Object.entries(details)
      .map(([name, value]) => `${name}: ${value}`)
      .join(', '),
  ]),
)}
${leftOut > 0 ? html`<p class="state">${whole(leftOut)} later lines are left out; they are under Activity.</p>` : ''}`;
}
