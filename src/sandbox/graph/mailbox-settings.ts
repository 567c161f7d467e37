import type { Person } from '../tenant/person.ts';
import { contextOf, pick, selected } from './collection.ts';
import type { Call, GraphAnswer, Operation } from './operation.ts';

const outlook = {
  method: 'GET',
  service: 'outlook',
  permissions: {
    application: ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'],
    delegated: ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'],
  },
} as const;

export const mailboxSettings: readonly Operation[] = [
  { ...outlook, path: '/users/{user-id}/mailboxSettings', query: ['$select'], answer: getSettings },
  { ...outlook, path: '/users/{user-id}/mailboxSettings/userPurpose', query: [], answer: getUserPurpose },
];

function getSettings(call: Call): GraphAnswer {
  const user = call.path['user-id'] ?? '';
  const names = selected(call);
  const context = contextOf(call, `users('${user}')/mailboxSettings${names ? `(${names})` : ''}`);
  const settings = pick(settingsOf(call.tenant.person(user)), names, 'mailboxSettings', []);
  return { status: 200, body: { '@odata.context': context, ...settings } };
}

function getUserPurpose(call: Call): GraphAnswer {
  const user = call.path['user-id'] ?? '';
  const context = contextOf(call, `users('${user}')/mailboxSettings/userPurpose`);
  return { status: 200, body: { '@odata.context': context, value: call.tenant.person(user).mailbox.purpose } };
}

function settingsOf(person: Person): Record<string, unknown> {
  return {
    archiveFolder: null,
    timeZone: 'GMT Standard Time',
    delegateMeetingMessageDeliveryOptions: 'sendToDelegateOnly',
    dateFormat: 'dd/MM/yyyy',
    timeFormat: 'HH:mm',
    userPurpose: person.mailbox.purpose,
    automaticRepliesSetting: {
      status: 'disabled',
      externalAudience: 'all',
      internalReplyMessage: '',
      externalReplyMessage: '',
      scheduledStartDateTime: { dateTime: '2026-01-01T00:00:00.0000000', timeZone: 'UTC' },
      scheduledEndDateTime: { dateTime: '2026-01-02T00:00:00.0000000', timeZone: 'UTC' },
    },
    language: { locale: 'en-GB', displayName: 'English (United Kingdom)' },
    workingHours: {
      daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
      startTime: '08:00:00.0000000',
      endTime: '17:00:00.0000000',
      timeZone: { name: 'GMT Standard Time' },
    },
  };
}
