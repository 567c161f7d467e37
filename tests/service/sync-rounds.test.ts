import { expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import { type Bench, mailboxPermissions, startBench } from '../support/bench.ts';

const count = 10_000;

/** Users that a check has switched, put there without one: their number is what this test is about. */
async function connect(bench: Bench): Promise<void> {
  const { db } = bench.service.database;
  await db.updateTable('users').set({ connection_type: 'graph_app_only', mailbox_state: 'switching' }).execute();
  // Its switch puts them on the schedule, as a check does.
  const admin = bench.signIn('ada@contoso.example');
  const userIds = (await db.selectFrom('users').select('id').execute()).map(({ id }) => id);
  for (let start = 0; start < userIds.length; start += 1_000) {
    await admin.call(api.reinitializeMailboxes, { body: { userIds: userIds.slice(start, start + 1_000) } });
  }
}

test('10,000 mailboxes are initialized, and the second round touches only changes', { timeout: 240_000 }, async () => {
  await using bench = await startBench({ granted: mailboxPermissions, sandbox: { people: 12_000 } });
  const admin = bench.signIn('ada@contoso.example');
  const { tenant, requests } = bench.sandbox;
  const people = tenant.people.filter((person) => person.mailbox.state === 'available').slice(0, count);
  const organizationId = await bench.organizationWith(admin, people);
  await connect(bench);
  await bench.queue.drain();

  const organization = await admin.call(api.getOrganization, { params: { organizationId } });
  expect(organization.initializedCount).toBe(people.length);
  const firstCalls = requests.to(/\/\$batch$/).length;
  requests.clear();

  // Half an hour later everybody has had a turn; three mailboxes have something new.
  for (const person of people.slice(0, 3)) tenant.mailbox(person.id).deliver();
  tenant
    .mailbox(people[3]?.id ?? '')
    .addEvent({ subject: 'x', startsAt: bench.clock.now(), endsAt: bench.clock.now() });
  bench.clock.advance(30 * 60_000);
  expect(await bench.service.syncs.sweep()).toBe(1);
  await bench.queue.drain();

  const { db } = bench.service.database;
  const sessions = await db.selectFrom('sync_sessions').selectAll().where('started_by', '=', 'schedule').execute();
  const second = sessions.filter(
    (session) => (session.started_at?.getTime() ?? 0) > bench.clock.now().getTime() - 20 * 60_000,
  );
  expect(new Set(second.map(({ user_id }) => user_id)).size).toBe(people.length);
  expect(second.every(({ state }) => state === 'succeeded')).toBe(true);
  expect(second.reduce((sum, { changes }) => sum + changes, 0)).toBe(4);
  expect(second.filter(({ changes }) => changes > 0)).toHaveLength(4);
  // Every question goes on where the last answer stopped, but for the lists of folders, which have no cursor.
  const asked = requests.all.filter(({ service, path }) => service === 'graph' && !path.endsWith('/$batch'));
  const anew = asked.filter(({ query, path }) => !('$deltatoken' in query) && path.includes('/delta'));
  expect(anew).toEqual([]);
  // Inbox, sent items, calendar, contacts, list of contact folders: once per session, and nothing twice.
  expect(asked).toHaveLength(second.length * 5);
  expect(firstCalls).toBeLessThan((people.length * 6) / 20 + 200);
});
