import type { Activity } from '../../../contract/activity.ts';
import { holdWords, ringWords } from '../../../contract/migration-words.ts';
import { wordsOfSyncReason } from '../../../contract/sync-reasons.ts';
import { accessStatuses } from '../../../domain/mailbox-access/verdict.ts';
import type { SyncReason } from '../../../domain/mailbox-sync/sync-reason.ts';
import type { Texts } from '../../texts/en.ts';
import type { Format } from '../../texts/format.ts';

/** What an activity was about, as one quiet line; empty where its name says all. */
export function activityDetail(activity: Activity, texts: Texts, format: Format): string {
  const words = detailOf(activity, texts, format);
  const { registration } = activity.details;
  const isNamed = activity.type === 'organization.updated' || registration === undefined;
  return isNamed ? words : [words, String(registration)].filter(Boolean).join(' · ');
}

function detailOf({ type, details }: Activity, texts: Texts, format: Format): string {
  const number = (name: string) => Number(details[name] ?? 0);
  const text = (name: string) => String(details[name] ?? '');
  const commandWord = () => {
    const words: Readonly<Record<string, string>> = texts.users.commands;
    return words[text('command')] ?? text('command');
  };
  switch (type) {
    case 'organization.created': {
      const words: Readonly<Record<string, string>> = texts.connection;
      return [text('externalId'), details.connectionType && words[text('connectionType')]].filter(Boolean).join(' · ');
    }
    case 'organization.deleted':
      return [
        text('externalId'),
        details.users && texts.common.people(number('users')),
        details.force && texts.activity.forced,
      ]
        .filter(Boolean)
        .join(' · ');
    case 'organization.converted': {
      const words: Readonly<Record<string, string>> = texts.connection;
      return [text('from'), text('to')].map((type) => words[type] ?? type).join(' → ');
    }
    case 'organization.updated':
      if (details.switchedOn || details.switchedOff) {
        const names: Readonly<Record<string, string>> = texts.capability;
        const named = (ids: string) => format.list(ids.split(' ').map((id) => names[id] ?? id));
        return [
          details.switchedOn && texts.features.switchedOn(named(text('switchedOn'))),
          details.switchedOff && texts.features.switchedOff(named(text('switchedOff'))),
        ]
          .filter(Boolean)
          .join(' · ');
      }
      if (details.syncIntervalMinutes) return `${texts.sync.interval}: ${format.number(number('syncIntervalMinutes'))}`;
      if (details.registration !== undefined || details.clientId !== undefined) {
        return texts.activity.application(text('registration'), text('clientId'));
      }
      if (details.formerName) return `${text('formerName')} → ${text('name')}`;
      return `${texts.organizations.synchronization}: ${details.syncEnabled ? texts.organizations.enabled : texts.organizations.disabled}`;
    case 'users.added':
    case 'users.moved':
    case 'users.removed':
    case 'users.exported':
    case 'assignment.users_added':
    case 'assignment.users_moved':
      return texts.common.people(number('users'));
    case 'assignment.rule_created':
    case 'assignment.rule_changed':
    case 'assignment.rule_deleted': {
      const { isOn } = details;
      return [text('rule'), isOn !== undefined && texts.assignmentRules.switched(isOn === true)]
        .filter(Boolean)
        .join(' · ');
    }
    case 'users.command_started':
      return [commandWord(), texts.common.people(number('users'))].join(' · ');
    case 'users.command_cancelled':
      return commandWord();
    case 'users.command_ended':
      return [commandWord(), texts.userCommands.doneOf(number('done'), number('users'))].join(' · ');
    case 'consent.started':
      return '';
    case 'consent.redeemed':
      return [texts.activity.outcome[text('outcome')], text('entraCode')].filter(Boolean).join(' · ');
    case 'consent.callback_rejected':
      return texts.activity.outcome[text('why')] ?? '';
    case 'consent.roles_changed': {
      const named = (names: string) => format.list(names.split(' '));
      return [
        details.granted && texts.consent.roles.grantedNames(named(text('granted'))),
        details.revoked && texts.consent.roles.removedNames(named(text('revoked'))),
      ]
        .filter(Boolean)
        .join(' · ');
    }
    case 'consent.verified': {
      const states: Readonly<Record<string, string>> = texts.impersonation;
      return texts.consent.statusLine(states[text('state')] ?? texts.impersonation.unknown);
    }
    case 'check.started':
      return [texts.common.mailboxes(number('mailboxes')), details.changesConnection === false && texts.check.checkOnly]
        .filter(Boolean)
        .join(' · ');
    case 'check.paused':
      return details.because === 'consent_changed' ? texts.activity.consentWithdrawn : '';
    case 'check.resumed':
    case 'check.reported':
    case 'migration.paused':
    case 'migration.resumed':
    case 'migration.cancelled':
    case 'migration.reported':
      return '';
    case 'check.cancelled':
      return details.because === 'ring_over_limit' ? texts.activity.ringOverLimit : '';
    case 'migration.started':
    case 'migration.completed':
      return texts.common.people(number('users'));
    case 'migration.ews_read':
      return texts.activity.listedApplications(number('applications'));
    case 'migration.ring_started':
    case 'migration.ring_accepted':
    case 'migration.ring_returning':
    case 'migration.ring_returned':
    case 'migration.ring_proved':
      return wordOf(ringWords, text('ring'));
    case 'migration.ring_held':
      return `${wordOf(ringWords, text('ring'))} · ${wordOf(holdWords, text('because'))}`;
    case 'check.ended': {
      const found = accessStatuses.filter((status) => number(status) > 0);
      const counts = found.map((status) => `${texts.status[status]} ${format.number(number(status))}`);
      return [texts.common.mailboxes(number('mailboxes')), ...counts].join(' · ');
    }
    case 'rate.ceiling_changed':
      return details.requestsPerSecond === undefined
        ? texts.requestRate.ceilingRemoved
        : texts.requestRate.ceilingSet(number('requestsPerSecond'));
    case 'sync.forced':
      return text('user');
    case 'scope.proof_started':
      return '';
    case 'scope.leak_found':
      return texts.activity.leaks(number('leaks'), number('outside'));
    case 'drift.found':
    case 'drift.dismissed':
      return text('subject');
    case 'scope.change_planned':
      return [text('group'), texts.activity.scopeMechanism[text('mechanism')]].filter(Boolean).join(' · ');
    case 'scope.step_done': {
      const isTrial = details.whatIf === true;
      return [text('group'), texts.activity.scopeStep[text('step')], isTrial && texts.activity.scopeTrial]
        .filter(Boolean)
        .join(' · ');
    }
    case 'scope.change_done':
    case 'scope.change_given_up':
      return text('group');
    case 'sync.enabled':
    case 'sync.disabled':
    case 'sync.reset':
    case 'sync.reinitialized':
      return text('user') || texts.common.people(number('users'));
    case 'sync.disabled_due_to_error':
      return [
        text('user') || texts.common.people(number('users')),
        wordsOfSyncReason(text('reason') as SyncReason).title,
      ].join(' · ');
  }
}

function wordOf(words: Readonly<Record<string, string>>, name: string): string {
  return words[name] ?? name;
}
