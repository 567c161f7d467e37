import type { CalendarEvent, Mailbox } from '../tenant/mailbox.ts';
import { contextOf, decodeToken, pick, selected } from './collection.ts';
import { badRequest, itemNotFound, NotSimulated } from './graph-error.ts';
import { stamp } from './message.ts';
import type { Call, GraphAnswer, Operation, Permissions } from './operation.ts';
import { outlookPage, outlookQuery } from './outlook-collection.ts';
import { answerDelta, deltaQuery } from './outlook-delta.ts';
import { changeKeyOf, etagOf, idOf, keyIn } from './outlook-item.ts';

const basic: Permissions = {
  application: ['Calendars.ReadBasic.All', 'Calendars.Read', 'Calendars.ReadWrite'],
  delegated: ['Calendars.ReadBasic', 'Calendars.Read', 'Calendars.ReadWrite'],
};
const full: Permissions = {
  application: ['Calendars.Read', 'Calendars.ReadWrite'],
  delegated: ['Calendars.Read', 'Calendars.ReadWrite'],
};
const outlook = { method: 'GET', service: 'outlook', permissions: basic } as const;
const range = ['startDateTime', 'endDateTime'];

export const calendar: readonly Operation[] = [
  { ...outlook, path: '/users/{user-id}/calendar', query: ['$select'], answer: getCalendar },
  { ...outlook, path: '/users/{user-id}/calendarView', query: [...range, ...outlookQuery], answer: calendarView },
  { ...outlook, path: '/users/{user-id}/events', query: outlookQuery, answer: listEvents },
  { ...outlook, path: '/users/{user-id}/events/{event-id}', query: ['$select'], answer: getEvent },
  {
    ...outlook,
    path: '/users/{user-id}/calendarView/delta()',
    // Microsoft's permission data flags ReadBasic too; the reference page does not, so it is not enough here.
    permissions: full,
    query: [...range, ...deltaQuery, '$select', '$filter', '$orderby', '$search', '$expand', '$top'],
    answer: calendarViewDelta,
  },
];

const sortable = ['subject', 'createdDateTime', 'lastModifiedDateTime'];

const mailboxOf = (call: Call) => call.tenant.mailbox(call.path['user-id'] ?? '');

function getCalendar(call: Call): GraphAnswer {
  const { owner } = mailboxOf(call);
  const names = selected(call);
  const resource = {
    id: idOf(call, 'calendar', owner.id),
    name: 'Calendar',
    color: 'auto',
    hexColor: '',
    isDefaultCalendar: true,
    changeKey: changeKeyOf('calendar', 1),
    canShare: true,
    canViewPrivateItems: true,
    canEdit: true,
    allowedOnlineMeetingProviders: ['teamsForBusiness'],
    defaultOnlineMeetingProvider: 'teamsForBusiness',
    isTallyingResponses: true,
    isRemovable: false,
    owner: { name: owner.displayName, address: owner.mail },
  };
  const context = contextOf(call, `users('${call.path['user-id']}')/calendar${names ? `(${names})` : ''}/$entity`);
  return { status: 200, body: { '@odata.context': context, ...pick(resource, names, 'calendar') } };
}

function listEvents(call: Call): GraphAnswer {
  const mailbox = mailboxOf(call);
  return page(call, mailbox, mailbox.events, 'events');
}

function calendarView(call: Call): GraphAnswer {
  const mailbox = mailboxOf(call);
  const { from, to } = rangeOf(call);
  const inRange = mailbox.events.filter((event) => event.startsAt < to && event.endsAt > from);
  return page(call, mailbox, inRange, 'calendarView');
}

function getEvent(call: Call): GraphAnswer {
  const mailbox = mailboxOf(call);
  const key = keyIn(call.path['event-id'] ?? '', 'event');
  const event = mailbox.events.find((each) => each.key === key && !each.removed);
  if (!event) throw itemNotFound();
  const context = contextOf(call, `users('${call.path['user-id']}')/events/$entity`);
  return {
    status: 200,
    body: { '@odata.context': context, ...pick(eventResource(call, mailbox, event), selected(call), 'event') },
  };
}

/** @see Microsoft Learn, event: delta */
function calendarViewDelta(call: Call): GraphAnswer {
  for (const option of ['$select', '$filter', '$orderby', '$search', '$expand']) {
    if (call.query.has(option)) throw badRequest(`The parameter '${option}' is not supported with change tracking.`);
  }
  if (call.query.has('$top')) throw new NotSimulated('$top of calendarView/delta');
  const mailbox = mailboxOf(call);
  const { from, to } = rangeOf(call);
  return answerDelta(call, mailbox, {
    items: mailbox.events.filter((event) => event.startsAt < to && event.endsAt > from),
    kind: 'event',
    scope: `${from.toISOString()}/${to.toISOString()}`,
    context: `users('${call.path['user-id']}')/calendarView`,
    write: (event) => eventResource(call, mailbox, event),
  });
}

function page(call: Call, mailbox: Mailbox, events: readonly CalendarEvent[], context: string): GraphAnswer {
  const resources = events.filter((event) => !event.removed).map((event) => eventResource(call, mailbox, event));
  return outlookPage(call, resources, { typeName: 'event', context, sortable });
}

/**
 * The range asked for; from the second request of a delta query on it is in the token.
 * @throws {GraphError} 400 without both ends of the range
 */
function rangeOf(call: Call): { from: Date; to: Date } {
  const token = call.query.get('$skiptoken') ?? call.query.get('$deltatoken');
  const texts = token
    ? String(decodeToken<{ scope?: unknown }>(token, 'sync state').scope).split('/')
    : range.map((name) => call.query.get(name) ?? '');
  const [from, to] = texts.map((text) => new Date(text));
  if (!from || !to || Number.isNaN(from.getTime()) || Number.isNaN(to.getTime())) {
    throw badRequest(
      "This request requires a time window specified by the query string parameters 'startDateTime' and 'endDateTime'.",
    );
  }
  return { from, to };
}

function eventResource(call: Call, mailbox: Mailbox, event: CalendarEvent): Record<string, unknown> {
  const version = event.changedAtVersion;
  const owner = { emailAddress: { name: mailbox.owner.displayName, address: mailbox.owner.mail } };
  const place = { displayName: event.location, locationType: 'default' };
  const resource = {
    '@odata.etag': etagOf(event.key, version),
    id: idOf(call, 'event', event.key),
    createdDateTime: stamp(event.startsAt),
    lastModifiedDateTime: stamp(event.startsAt),
    changeKey: changeKeyOf(event.key, version),
    categories: [],
    originalStartTimeZone: 'UTC',
    originalEndTimeZone: 'UTC',
    iCalUId: `${event.key}@contoso.example`,
    reminderMinutesBeforeStart: 15,
    isReminderOn: true,
    hasAttachments: false,
    subject: event.subject,
    bodyPreview: '',
    importance: 'normal',
    sensitivity: 'normal',
    isAllDay: false,
    isCancelled: false,
    isOrganizer: true,
    responseRequested: true,
    showAs: 'busy',
    type: 'singleInstance',
    isOnlineMeeting: false,
    isDraft: false,
    body: { contentType: 'text', content: '' },
    start: { dateTime: `${event.startsAt.toISOString().slice(0, 19)}.0000000`, timeZone: 'UTC' },
    end: { dateTime: `${event.endsAt.toISOString().slice(0, 19)}.0000000`, timeZone: 'UTC' },
    location: place,
    locations: event.location ? [place] : [],
    attendees: [],
    organizer: owner,
    responseStatus: { response: 'organizer', time: '0001-01-01T00:00:00Z' },
  };
  if (call.holds('Calendars.Read', 'Calendars.ReadWrite')) return resource;
  const { body: _body, bodyPreview: _bodyPreview, ...basicDetails } = resource;
  return basicDetails;
}
