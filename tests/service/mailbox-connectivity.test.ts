import { describe, expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { UserId } from '../../src/domain/ids.ts';
import type { Capability } from '../../src/domain/mailbox-access/capability.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { mailboxPermissions, startBench } from '../support/bench.ts';

test('fault 135: who has a mailbox works, shared ones and rooms too, who has none is blocked, and each reason is named', async () => {
  await using bench = await startBench({ granted: mailboxPermissions });
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, bench.sandbox.tenant.everybody);

  const { check, joined } = await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();

  expect(joined).toBe(false);
  const result = await admin.call(api.getConnectivityCheck, { params: { checkId: check.id } });
  expect(result).toMatchObject({ state: 'completed', total: bench.sandbox.tenant.everybody.length, done: check.total });
  const { users } = await admin.call(api.listUsers, { query: { limit: 500 } });
  const reasonOf = Object.fromEntries(
    users.map((user) => [user.displayName, `${user.access.status} ${user.access.reason}`]),
  );
  expect(reasonOf).toMatchInlineSnapshot(`
    {
      "Ada Lovelace": "working connected",
      "Alan Turing": "working connected",
      "Annie Cannon": "working connected",
      "Barbara Liskov": "working connected",
      "Contoso Info": "working connected",
      "Emmy Noether": "blocked mailbox.not_in_exchange_online",
      "Grace Hopper": "working connected",
      "Hedy Lamarr": "blocked mailbox.not_in_directory",
      "Henrietta Leavitt": "blocked mailbox.not_in_exchange_online",
      "Karen Spärck Jones": "working connected",
      "Katherine Johnson": "blocked mailbox.none",
      "Linus Pauling": "blocked mailbox.not_in_exchange_online",
      "Margaret Hamilton": "working connected",
      "Marie Curie": "could_not_tell microsoft.mailbox_moving",
      "Mary Somerville": "working connected",
      "Meeting Room Lisbon": "working connected",
      "Pat Guest": "blocked mailbox.none",
      "Projector 1": "working connected",
      "Radia Perlman": "working connected",
      "Rosalind Franklin": "blocked mailbox.not_in_exchange_online",
      "Siobhán O'Brien": "working connected",
      "Sophie Germain": "working connected",
    }
  `);
});

describe('a feature that cannot be tried', () => {
  async function checkSending(granted: readonly string[], capabilities: Capability[]) {
    // The mailboxes are known long before the token is.
    await using bench = await startBench({ granted, sandbox: { settings: { entraLatencyMs: 300 } } });
    const admin = bench.signIn('ada@contoso.example');
    const grace = namedPeople.grace.id as UserId;
    const organizationId = await bench.organizationWith(admin, [bench.sandbox.tenant.person(grace)]);
    await admin.call(api.updateOrganization, { params: { organizationId }, body: { capabilities } });
    await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
    await bench.queue.drain();
    const user = await admin.call(api.getUser, { params: { userId: grace } });
    const sent = bench.sandbox.requests.all.filter(({ path }) => /sendMail/i.test(path));
    return { user, sent, send: user.capabilities.find(({ capability }) => capability === 'send') };
  }

  test('sending is decided from the grants, nothing is sent, and the mailbox stays working', async () => {
    const { user, sent, send } = await checkSending(['Mail.Read', 'Mail.Send'], ['mail', 'send']);

    expect(sent).toEqual([]);
    expect(send).toMatchObject({ reason: 'consent.permission_granted', httpStatus: null });
    expect(user.access).toMatchObject({ status: 'working', reason: 'connected' });
  });

  test('sending without Mail.Send limits the mailbox', async () => {
    const { user, send } = await checkSending(['Mail.Read'], ['mail', 'send']);

    expect(send).toMatchObject({ reason: 'consent.permission_missing' });
    expect(user.access).toMatchObject({ status: 'limited', reason: 'consent.permission_missing' });
  });

  test('an organization that only sends gets no call, and no verdict that nobody proved', async () => {
    const { user, send } = await checkSending(['Mail.Send'], ['send']);

    expect(send).toMatchObject({ reason: 'consent.permission_granted' });
    expect(user.access).toMatchObject({ status: 'could_not_tell', reason: 'consent.permission_granted' });
  });
});
