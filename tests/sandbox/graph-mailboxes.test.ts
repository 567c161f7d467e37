import { afterAll, beforeAll, expect, test } from 'vitest';
import { namedPeople, type PersonName } from '../../src/sandbox/tenant/named-people.ts';
import type { MailboxState } from '../../src/sandbox/tenant/person.ts';
import { type Bench, startBench } from './bench.ts';

const { ada, grace, linus } = namedPeople;
const range = 'startDateTime=2026-01-01T00:00:00Z&endDateTime=2027-12-31T00:00:00Z';

let bench: Bench;
let token: string;
beforeAll(async () => {
  bench = await startBench();
  token = await bench.appToken('Mail.Read', 'Calendars.Read', 'Contacts.Read', 'MailboxSettings.Read', 'User.Read.All');
});
afterAll(() => bench[Symbol.asyncDispose]());

test.each<[name: PersonName, status: number, code: string]>([
  ['linus', 404, 'MailboxNotEnabledForRESTAPI'],
  ['foundationOnly', 404, 'MailboxNotEnabledForRESTAPI'],
  ['onPremises', 404, 'MailboxNotEnabledForRESTAPI'],
  ['inactive', 404, 'MailboxNotEnabledForRESTAPI'],
  ['guest', 404, 'ResourceNotFound'],
  ['softDeleted', 404, 'Request_ResourceNotFound'],
  ['justCreated', 404, 'ErrorInvalidUser'],
  ['moving', 503, 'ErrorMailboxMoveInProgress'],
])('the mailbox of %s answers %i %s to every probe', async (name, status, code) => {
  const user = `/users/${namedPeople[name].id}`;

  const replies = await Promise.all(
    ['mailFolders/inbox', 'calendar', 'contacts', 'mailboxSettings'].map((probe) =>
      bench.graph(token, `${user}/${probe}`),
    ),
  );

  expect(replies.map((reply) => [reply.status, reply.body.error.code])).toEqual(Array(4).fill([status, code]));
});

test.each<[state: MailboxState, status: number, code: string, message: RegExp]>([
  ['blockedByPolicy', 403, 'ErrorAccessDenied', /Access to OData is disabled/],
  ['outOfScope', 403, 'ErrorAccessDenied', /Check credentials/],
  ['notSupported', 404, 'MailboxNotSupportedForRESTAPI', /not yet supported/],
  ['storeUnavailable', 503, 'ErrorMailboxStoreUnavailable', /unavailable/],
  ['routingStale', 503, 'MailboxInfoStale', /backend 'Unknown'/],
])('a mailbox that is %s answers %i %s', async (state, status, code, message) => {
  await using own = await startBench();
  const accessToken = await own.appToken('Mail.Read');
  own.sandbox.tenant.setMailboxState(grace.id, state);

  const reply = await own.graph(accessToken, `/users/${grace.id}/mailFolders/inbox`);

  expect(reply.status).toBe(status);
  expect(reply.body.error).toMatchObject({ code, message: expect.stringMatching(message) });
});

test.each<[name: PersonName, purpose: string]>([
  ['grace', 'user'],
  ['disabled', 'user'],
  ['hybrid', 'user'],
  ['sharedMailbox', 'shared'],
  ['room', 'room'],
  ['equipment', 'equipment'],
])('the mailbox of %s opens and is of the purpose %s', async (name, purpose) => {
  const user = `/users/${namedPeople[name].id}`;

  const settings = await bench.graph(token, `${user}/mailboxSettings?$select=userPurpose`);
  const inbox = await bench.graph(token, `${user}/mailFolders/inbox?$select=id,totalItemCount`);

  expect(settings.body.userPurpose).toBe(purpose);
  expect(inbox.body.totalItemCount).toBeGreaterThan(0);
});

test('a licence makes a mailbox, and taking it away leaves it inactive', async () => {
  await using own = await startBench();
  const accessToken = await own.appToken('Mail.Read');
  const open = async () => (await own.graph(accessToken, `/users/${linus.id}/mailFolders/inbox`)).status;

  own.sandbox.tenant.setLicences(linus.id, ['microsoft365E3']);
  const licensed = await open();
  own.sandbox.tenant.setLicences(linus.id, []);
  const unlicensed = await open();

  expect([licensed, unlicensed]).toEqual([200, 404]);
});

test('folders have ids of their own mailbox, and open by id as by name', async () => {
  const byName = await bench.graph(token, `/users/${grace.id}/mailFolders/inbox?$select=id`);
  const other = await bench.graph(token, `/users/${ada.id}/mailFolders/inbox?$select=id`);

  const byId = await bench.graph(token, `/users/${grace.id}/mailFolders/${byName.body.id}?$select=id`);
  const foreign = await bench.graph(token, `/users/${grace.id}/mailFolders/${other.body.id}`);
  const unknown = await bench.graph(token, `/users/${grace.id}/mailFolders/nowhere`);

  expect(byId.body.id).toBe(byName.body.id);
  expect(other.body.id).not.toBe(byName.body.id);
  expect([foreign.status, unknown.status]).toEqual([404, 404]);
  expect(unknown.body.error.code).toBe('ErrorItemNotFound');
});

test('immutable ids differ from ordinary ones, are confirmed, and name the same item', async () => {
  const path = `/users/${grace.id}/messages?$select=id&$top=1`;
  const ordinary = await bench.graph(token, path);
  const immutable = await bench.graph(token, path, { headers: { Prefer: 'IdType="ImmutableId"' } });

  const [one, other] = await Promise.all(
    [ordinary, immutable].map((reply) =>
      bench.graph(token, `/users/${grace.id}/messages/${reply.body.value[0].id}?$select=internetMessageId`),
    ),
  );

  expect(immutable.headers.get('preference-applied')).toContain('ImmutableId');
  expect(immutable.body.value[0].id).not.toBe(ordinary.body.value[0].id);
  expect(other?.body.internetMessageId).toBe(one?.body.internetMessageId);
});

test('a calendar view needs both ends and holds what lies between them', async () => {
  const { tenant } = bench.sandbox;
  const startsAt = new Date('2031-05-05T10:00:00Z');
  tenant.mailbox(ada.id).addEvent({ subject: 'Far away', startsAt, endsAt: new Date('2031-05-05T11:00:00Z') });
  const view = (query: string) => bench.graph(token, `/users/${ada.id}/calendarView?${query}`);

  const inside = await view('startDateTime=2031-05-05T00:00:00Z&endDateTime=2031-05-06T00:00:00Z');
  const without = await bench.graph(token, `/users/${ada.id}/calendar?$select=id`);
  const missing = await fetch(`${bench.sandbox.url}/v1.0/users/${ada.id}/calendarView`, {
    headers: { authorization: `Bearer ${token}` },
  });

  expect(inside.body.value.map((event: { subject: string }) => event.subject)).toEqual(['Far away']);
  expect(Object.keys(without.body).sort()).toEqual(['@odata.context', 'id']);
  expect(missing.status).toBe(400);
});

/** Follows a delta query to its delta link. */
async function follow(path: string, init?: RequestInit) {
  const items: Record<string, unknown>[] = [];
  let pages = 0;
  let reply = await bench.graph(token, path, init);
  for (;;) {
    items.push(...reply.body.value);
    pages += 1;
    if (reply.body['@odata.deltaLink']) return { items, pages, deltaLink: reply.body['@odata.deltaLink'] as string };
    reply = await bench.graph(token, reply.body['@odata.nextLink'], init);
  }
}

test('delta of messages comes in pages and then reports what was created, updated and deleted', async () => {
  const mailbox = bench.sandbox.tenant.mailbox(grace.id);
  const inbox = `/users/${grace.id}/mailFolders/inbox/messages/delta`;
  for (let number = 0; number < 5; number++) mailbox.deliver();
  const first = await follow(`${inbox}?$select=isRead`, { headers: { Prefer: 'odata.maxpagesize=3' } });
  const [old, read] = mailbox.messages;
  if (!old || !read) throw new Error('The mailbox is empty.');
  mailbox.remove(old);
  read.isRead = !read.isRead;
  mailbox.touch(read);
  mailbox.deliver({ subject: 'New' });

  const second = await follow(first.deltaLink);
  const third = await follow(second.deltaLink);

  expect(first.pages).toBe(Math.ceil(first.items.length / 3));
  expect(first.items[0]).toEqual({
    '@odata.etag': expect.any(String),
    id: expect.any(String),
    isRead: expect.any(Boolean),
  });
  expect(second.items).toHaveLength(3);
  expect(second.items.filter((item) => '@removed' in item)).toEqual([
    { '@removed': { reason: 'deleted' }, id: expect.any(String) },
  ]);
  expect(third.items).toEqual([]);
});

test.each(['created', 'updated', 'deleted'])(
  'delta of messages with changeType=%s reports nothing else',
  async (changeType) => {
    const mailbox = bench.sandbox.tenant.mailbox(ada.id);
    const { deltaLink } = await follow(`/users/${ada.id}/mailFolders/inbox/messages/delta?changeType=${changeType}`);
    const [first, second] = mailbox.messages.filter((message) => !message.removed);
    if (!first || !second) throw new Error('The mailbox is empty.');
    mailbox.touch(first);
    mailbox.remove(second);
    mailbox.deliver();

    const { items } = await follow(deltaLink);

    expect(items).toHaveLength(1);
    expect('@removed' in (items[0] ?? {})).toBe(changeType === 'deleted');
  },
);

test('delta of events takes a range and nothing else, and reports a new event in it', async () => {
  const first = await follow(`/users/${grace.id}/calendarView/delta?${range}`);
  const startsAt = new Date('2026-12-01T10:00:00Z');
  bench.sandbox.tenant
    .mailbox(grace.id)
    .addEvent({ subject: 'New', startsAt, endsAt: new Date('2026-12-01T11:00:00Z') });

  const second = await follow(first.deltaLink);
  const selected = await bench.graph(token, `/users/${grace.id}/calendarView/delta?${range}&$select=id`);

  expect(second.items).toMatchObject([
    { subject: 'New', start: { dateTime: '2026-12-01T10:00:00.0000000', timeZone: 'UTC' } },
  ]);
  expect(selected.status).toBe(400);
});

test('a delta token that Exchange forgot is answered with 410 and where to begin again', async () => {
  const { deltaLink } = await follow(`/users/${grace.id}/mailFolders/inbox/messages/delta?$select=id`);
  bench.sandbox.tenant.mailbox(grace.id).forgetSyncStates();

  const reply = await bench.graph(token, deltaLink);

  expect(reply.status).toBe(410);
  expect(reply.body.error.code).toBe('SyncStateNotFound');
  expect(reply.headers.get('location')).toContain('/messages/delta?$deltatoken=');
});

test.each([
  [`/users/${grace.id}/mailFolders/inbox/messages/delta?$search="a"`, 501],
  [`/users/${grace.id}/contacts/delta`, 501],
  [`/users/${grace.id}/mailFolders/inbox/messages/delta?$filter=isRead eq true`, 400],
  [`/users/${grace.id}/mailFolders/inbox/messages/delta?$orderby=subject`, 400],
])('GET %s is refused with %i', async (path, status) => {
  const reply = await bench.graph(token, path);

  expect(reply.status).toBe(status);
});

test('the contents of a mailbox are the same in every sandbox', async () => {
  await using other = await startBench();

  const subjects = (own: Bench) => own.sandbox.tenant.mailbox(linus.id).messages.map((message) => message.subject);

  expect(subjects(other)).toEqual(subjects(bench));
});
