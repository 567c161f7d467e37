import { expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import { mailboxPermissions, startBench } from '../support/bench.ts';

test('an organization is checked: who has a mailbox works, who has none is blocked, and each reason is named', async () => {
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
