import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConnectivityCheck } from '../../src/contract/mailbox-connectivity.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { asNewUser, mailboxPermissions } from '../support/bench.ts';
import type { MemoryReport } from '../support/memory-report.ts';
import {
  callAsAda,
  processEnvironment,
  type ServiceProcess,
  startProcess,
  temporaryFolder,
} from '../support/service-process.ts';

// A service runs for weeks: what it holds afterwards is what it held before.

const people = 900;
const checksBefore = 6;
const checks = 30;
/** What they may leave behind: less than 160 bytes for each of 27,000 mailboxes. */
const mostBytes = 4 * 1024 * 1024;

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ people });
  sandbox.tenant.grants.grant(...mailboxPermissions);
});
afterAll(() => sandbox?.close());

async function memoryOf({ child, output }: ServiceProcess): Promise<MemoryReport> {
  const reports = () => [...output().matchAll(/^memory (.*)$/gm)];
  const before = reports().length;
  child.kill('SIGUSR2');
  await expect.poll(() => reports().length, { timeout: 10_000, interval: 20 }).toBeGreaterThan(before);
  return JSON.parse(reports().at(-1)?.[1] ?? '') as MemoryReport;
}

test('fault 154: check after check, the heap does not grow, and nothing stays open', { timeout: 240_000 }, async () => {
  using folder = temporaryFolder();
  await using service = startProcess(
    processEnvironment(sandbox, folder.path, { LOG_LEVEL: 'info', MEMORY_REPORT: 'yes' }),
  );
  const url = await service.ready();
  const call = async <T>(method: 'GET' | 'POST', path: string, body?: unknown) => {
    const answer = await callAsAda(sandbox, url, method, path, body);
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    return answer.body as T;
  };
  const { id } = await call<{ id: string }>('POST', '/api/organizations', { name: 'Everybody', externalId: 'all' });
  await call('POST', `/api/organizations/${id}/users`, { users: sandbox.tenant.people.map(asNewUser) });
  async function checkTimes(times: number): Promise<void> {
    for (let time = 0; time < times; time++) {
      const path = `/api/organizations/${id}/connectivity-checks`;
      const { check } = await call<{ check: ConnectivityCheck }>('POST', path, { changeConnection: false });
      const state = async () => (await call<ConnectivityCheck>('GET', `/api/connectivity-checks/${check.id}`)).state;
      await expect.poll(state, { timeout: 30_000, interval: 250 }).toBe('completed');
    }
  }

  await checkTimes(checksBefore);
  const before = await memoryOf(service);
  await checkTimes(checks);
  const after = await memoryOf(service);

  expect(after.heap - before.heap).toBeLessThan(mostBytes);
  for (const [kind, count] of Object.entries(after.open)) {
    expect({ kind, more: count - (before.open[kind] ?? 0) }).toEqual({
      kind,
      more: expect.toSatisfy((more) => more < 10),
    });
  }
});
