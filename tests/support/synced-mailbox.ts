import { expect } from 'vitest';
import { api } from '../../src/contract/api.ts';
import type { UserId } from '../../src/domain/ids.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import type { Bench, TestAdmin } from './bench.ts';

export const grace = namedPeople.grace.id as UserId;

/** Grace in a Graph organization, checked and thereby switched. */
export async function switched(bench: Bench) {
  const admin = bench.signIn('ada@contoso.example');
  const organizationId = await bench.organizationWith(admin, [bench.sandbox.tenant.person(grace)]);
  await admin.call(api.startConnectivityCheck, { params: { organizationId }, body: {} });
  await bench.queue.drain();
  return { admin, organizationId };
}

export async function synchronize(bench: Bench, admin: TestAdmin) {
  await admin.call(api.forceSynchronization, { params: { userId: grace }, body: {} });
  await bench.queue.drain();
  return admin.call(api.getUser, { params: { userId: grace } });
}

/** Time passes, mailboxes that are due are read. */
export async function later(bench: Bench, minutes: number) {
  bench.clock.advance(minutes * 60_000);
  await bench.service.syncs.sweep();
  await bench.queue.drain();
}

export const userOf = (admin: TestAdmin) => admin.call(api.getUser, { params: { userId: grace } });

/** Grace, whose mailbox a session has read. */
export async function initialized(bench: Bench) {
  const { admin, organizationId } = await switched(bench);
  const user = await synchronize(bench, admin);
  expect(user.mailboxState).toBe('initialized');
  bench.clock.advance(61_000);
  return { admin, organizationId, mailbox: bench.sandbox.tenant.mailbox(grace) };
}
