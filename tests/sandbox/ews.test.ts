import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { directoryRoles } from '../../src/sandbox/tenant/directory-roles.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';
import { type Bench, json, startBench } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench[Symbol.asyncDispose]());
beforeEach(() => {
  const none = { enabled: null, allowedAppIds: '', applicationAccessPolicy: null, allowList: [], blockList: [] };
  Object.assign(bench.sandbox.tenant.exchange.ews, none);
  bench.sandbox.settings.graphHonoursUserAgentPolicy = true;
});

async function invoke(
  name: string,
  parameters: object = {},
  role: keyof typeof directoryRoles = 'exchangeAdministrator',
) {
  const { sandbox } = bench;
  const token = sandbox.keys.sign({
    aud: 'https://outlook.office365.com',
    tid: sandbox.tenant.id,
    scp: 'Exchange.Manage',
    wids: [directoryRoles[role].templateId],
    exp: Math.floor(sandbox.clock.now().getTime() / 1000) + 3600,
  });
  const response = await fetch(`${sandbox.url}/adminapi/beta/${sandbox.tenant.id}/InvokeCommand`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'x-anchormailbox': 'UPN:margaret@contoso.example' },
    body: JSON.stringify({ CmdletInput: { CmdletName: name, Parameters: parameters } }),
  });
  const { value } = (await response.json()) as { value?: Record<string, unknown>[] };
  return { status: response.status, config: value?.[0] };
}

describe('the switch and the allow-list', () => {
  test('writing the list replaces all of it, and leaves the switch alone', async () => {
    await invoke('Set-OrganizationConfig', { EwsEnabled: true, EwsAllowedAppIDs: 'a,b' });
    await invoke('Set-OrganizationConfig', { EwsAllowedAppIDs: 'c', Confirm: false });
    const { config } = await invoke('Get-OrganizationConfig', { RetrieveEwsOperationAccessPolicy: true });
    expect(config).toMatchObject({ EwsEnabled: true, EwsAllowedAppIDs: 'c' });
  });

  test('the list is there only with the switch that retrieves it', async () => {
    await invoke('Set-OrganizationConfig', { EwsAllowedAppIDs: 'a' });
    expect((await invoke('Get-OrganizationConfig')).config).toMatchObject({ EwsEnabled: null, EwsAllowedAppIDs: null });
  });

  test('a list where a text belongs is refused, and who may only look cannot write', async () => {
    expect((await invoke('Set-OrganizationConfig', { EwsAllowedAppIDs: ['a', 'b'] })).status).toBe(400);
    expect((await invoke('Set-OrganizationConfig', { EwsEnabled: true }, 'globalReader')).status).toBe(400);
    expect((await invoke('Get-OrganizationConfig', {}, 'globalReader')).status).toBe(200);
    expect(bench.sandbox.tenant.exchange.ews).toMatchObject({ enabled: null, allowedAppIds: '' });
  });
});

describe('the policy of user agents, which Graph honours too', () => {
  const path = `/users/${namedPeople.grace.id}/mailFolders/inbox?$select=id`;
  async function statusOf(userAgent: string): Promise<number[]> {
    const token = await bench.appToken('Mail.ReadBasic.All');
    const headers = { 'user-agent': userAgent };
    const alone = await bench.graph(token, path, { headers });
    const batch = json({ requests: [{ id: '1', method: 'GET', url: path }] });
    const inBatch = await bench.graph(token, '/$batch', { ...batch, headers: { ...batch.headers, ...headers } });
    return [alone.status, inBatch.body.responses[0].status];
  }

  test.each([
    ['EnforceAllowList', ['MailboxAccess/*'], 'MailboxAccess/1.2', 200],
    ['EnforceAllowList', ['Outlook*', '*Mac*'], 'MailboxAccess/1.2', 403],
    ['EnforceAllowList', [], 'MailboxAccess/1.2', 403],
    ['EnforceBlockList', ['mailboxaccess/*'], 'MailboxAccess/1.2', 403],
    ['EnforceBlockList', ['*Mac*'], 'MailboxAccess/1.2', 200],
  ] as const)('%s of %j answers %s with %i', async (applicationAccessPolicy, list, userAgent, status) => {
    Object.assign(bench.sandbox.tenant.exchange.ews, { applicationAccessPolicy, allowList: list, blockList: list });
    expect(await statusOf(userAgent)).toEqual([status, status]);
  });

  test('unless it is set not to', async () => {
    bench.sandbox.settings.graphHonoursUserAgentPolicy = false;
    Object.assign(bench.sandbox.tenant.exchange.ews, { applicationAccessPolicy: 'EnforceAllowList', allowList: [] });
    expect(await statusOf('MailboxAccess/1.2')).toEqual([200, 200]);
  });
});

test('another administrator changes it over the sandbox’s own door', async () => {
  const { sandbox } = bench;
  const response = await fetch(
    `${sandbox.url}/_sandbox/exchange`,
    json({ ews: { enabled: false, allowedAppIds: 'a' } }),
  );
  expect(await response.json()).toMatchObject({ ews: { enabled: false, allowedAppIds: 'a', allowList: [] } });
});
