import { request } from 'node:https';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { directoryRoles } from '../../src/sandbox/tenant/directory-roles.ts';
import { namedGroups } from '../../src/sandbox/tenant/group.ts';
import { namedPeople } from '../../src/sandbox/tenant/named-people.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox?.close());

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: {
    '@odata.nextLink'?: string;
    value?: Record<string, unknown>[];
    error?: { details: { message: string }[] };
  };
}

/** A token of an Exchange Administrator for Exchange, with changes. */
function tokenWith(claims: object = {}): string {
  const now = Math.floor(sandbox.clock.now().getTime() / 1000);
  return sandbox.keys.sign({
    aud: 'https://outlook.office365.com',
    tid: sandbox.tenant.id,
    scp: 'Exchange.Manage',
    wids: [directoryRoles.exchangeAdministrator.templateId],
    exp: now + 3600,
    ...claims,
  });
}

function invoke(
  name: string,
  parameters: object = {},
  token = tokenWith(),
  { url = `${sandbox.url}/adminapi/beta/${sandbox.tenant.id}/InvokeCommand`, prefer = '' } = {},
): Promise<Answer> {
  const body = JSON.stringify({ CmdletInput: { CmdletName: name, Parameters: parameters } });
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: 'POST',
        ca: sandbox.certificateAuthority.certificate,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json; charset=utf-8',
          'x-anchormailbox': 'UPN:margaret@contoso.example',
          ...(prefer && { prefer }),
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part) => {
          text += part;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text ? JSON.parse(text) : {} }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

test('a policy is made, listed, tested from both sides and removed', async () => {
  const { clientId } = sandbox.registration;
  const { sales } = namedGroups;
  const inside = sandbox.tenant
    .transitiveMemberIds(sales.id)
    .find((id) => sandbox.tenant.find(id)?.mailbox.state === 'available');
  const made = await invoke('New-ApplicationAccessPolicy', {
    AppId: [clientId],
    PolicyScopeGroupId: sandbox.tenant.groups.get(sales.id)?.mail,
    AccessRight: 'RestrictAccess',
    Description: 'test',
  });
  expect(made.body.value).toMatchObject([{ AppId: clientId, ScopeName: 'Sales', AccessRight: 'RestrictAccess' }]);

  const check = async (identity: string | undefined) =>
    (await invoke('Test-ApplicationAccessPolicy', { Identity: identity, AppId: clientId })).body.value?.[0];
  expect(await check(inside)).toMatchObject({ AccessCheckResult: 'Granted' });
  expect(await check(namedPeople.grace.id)).toMatchObject({ AccessCheckResult: 'Denied' });

  const identity = made.body.value?.[0]?.Identity;
  expect((await invoke('Remove-ApplicationAccessPolicy', { Identity: identity, Confirm: false })).status).toBe(200);
  expect((await invoke('Get-ApplicationAccessPolicy')).body.value).toEqual([]);
});

test('an unknown identity of a policy answers all policies, as Exchange does', async () => {
  const group = sandbox.tenant.groups.get(namedGroups.sales.id);
  await invoke('New-ApplicationAccessPolicy', {
    AppId: sandbox.registration.clientId,
    PolicyScopeGroupId: group?.mail,
    AccessRight: 'DenyAccess',
  });
  expect((await invoke('Get-ApplicationAccessPolicy', { Identity: 'nobody' })).body.value).toHaveLength(1);
});

test('only a mail-enabled security group can be the scope of a policy', async () => {
  const engineering = sandbox.tenant.groups.get(namedGroups.engineering.id);
  const parameters = { AppId: sandbox.registration.clientId, AccessRight: 'RestrictAccess' };
  const refused = await invoke('New-ApplicationAccessPolicy', { ...parameters, PolicyScopeGroupId: engineering?.mail });
  expect(refused.status).toBe(400);
  expect(refused.body.error?.details[0]?.message).toContain('not a valid security principal');
  const unknown = await invoke('New-ApplicationAccessPolicy', {
    ...parameters,
    PolicyScopeGroupId: namedGroups.research.id,
  });
  expect(unknown.status).toBe(404);
});

test('a role is assigned in a scope, and Test-ServicePrincipalAuthorization says who is in it', async () => {
  const objectId = sandbox.tenant.grants.addApplication().id;
  const { clientId } = sandbox.registration;
  const { salesEurope } = namedGroups;
  const [member] = sandbox.tenant.groups.get(salesEurope.id)?.memberIds ?? [];
  const distinguishedName = sandbox.tenant.exchange.distinguishedNameOf(salesEurope.id);
  await invoke('New-ServicePrincipal', { AppId: clientId, ObjectId: objectId, DisplayName: 'Mailbox Access' });
  await invoke('New-ManagementScope', {
    Name: 'Sales Europe',
    RecipientRestrictionFilter: `MemberOfGroup -eq '${distinguishedName}'`,
  });
  const assigned = await invoke('New-ManagementRoleAssignment', {
    App: objectId,
    Role: 'Application Mail.Read',
    CustomResourceScope: 'Sales Europe',
  });
  expect(assigned.status).toBe(200);

  const inScope = async (parameters: object) =>
    (await invoke('Test-ServicePrincipalAuthorization', { Identity: objectId, ...parameters })).body.value?.[0]
      ?.InScope;
  expect(await inScope({ Resource: member })).toBe('True');
  expect(await inScope({ Resource: namedPeople.grace.id })).toBe('False');
  expect(await inScope({})).toBe('Not Run');
  expect((await invoke('Remove-ManagementScope', { Identity: 'Sales Europe' })).status).toBe(400);
});

test('an administrator’s role and the right permission are needed; the refusal has no body', async () => {
  for (const claims of [
    { wids: [] },
    { scp: 'Exchange.ManageV2' },
    { scp: undefined, roles: ['Exchange.ManageAsApp'], wids: [] },
  ]) {
    const refused = await invoke('Get-ApplicationAccessPolicy', {}, tokenWith(claims));
    expect(refused.status).toBe(403);
    expect(refused.body).toEqual({});
    expect(refused.headers['x-ms-diagnostics']).toBeDefined();
  }
});

test.each([
  ['another audience', { aud: 'https://graph.microsoft.com' }],
  ['another tenant', { tid: '00000000-0000-0000-0000-000000000001' }],
  ['a life that is over', { exp: 1 }],
])('a token with %s is refused with 401', async (_, claims) => {
  expect((await invoke('Get-ApplicationAccessPolicy', {}, tokenWith(claims))).status).toBe(401);
});

test('a cmdlet or parameter that is not simulated fails, and the log says so', async () => {
  expect((await invoke('Set-Mailbox', { Identity: 'x' })).status).toBe(400);
  expect(sandbox.requests.unknown).toContain('the cmdlet Set-Mailbox');
  expect((await invoke('Get-ManagementScope', { Filter: 'x' })).status).toBe(400);
});

test.each(['', "Department -like 'S*'", "MemberOfGroup -eq 'x", 'Department'])(
  'the filter %j is refused',
  async (filter) => {
    const made = await invoke('New-ManagementScope', { Name: 'Bad', RecipientRestrictionFilter: filter });
    expect(made.status).toBe(400);
  },
);

test('pages are as long as asked for, follow by the same body, and their links die after five minutes', async () => {
  const prefer = 'odata.maxpagesize=2';
  const identity = { Identity: namedGroups.newsletter.id };
  const { memberIds = [] } = sandbox.tenant.groups.get(namedGroups.newsletter.id) ?? {};
  const first = await invoke('Get-DistributionGroupMember', identity, tokenWith(), { prefer });
  const url = first.body['@odata.nextLink'] ?? '';
  const second = await invoke('Get-DistributionGroupMember', identity, tokenWith(), { prefer, url });
  sandbox.clock.advance(5 * 60_000);
  const late = await invoke('Get-DistributionGroupMember', identity, tokenWith(), { prefer, url });

  const ids = [first, second].flatMap(({ body }) => body.value?.map((each) => each.ExternalDirectoryObjectId));
  expect(memberIds.length).toBeGreaterThan(2);
  expect(first.body.value).toHaveLength(2);
  expect(ids).toEqual(memberIds.slice(0, 4));
  expect(late.status).toBe(400);
});

test('a Microsoft 365 group has its members as links only, and is found by its type only', async () => {
  const { id } = namedGroups.engineering;
  const members = sandbox.tenant.groups.get(id)?.memberIds ?? [];
  const count = async (name: string, parameters: object) => (await invoke(name, parameters)).body.value?.length;
  const filter = { Filter: `ExternalDirectoryObjectId -eq '${id}'` };

  expect(await count('Get-DistributionGroupMember', { Identity: id })).toBe(0);
  expect(await count('Get-UnifiedGroupLinks', { Identity: id, LinkType: 'Members' })).toBe(members.length);
  expect((await invoke('Get-UnifiedGroupLinks', { Identity: namedGroups.sales.id, LinkType: 'Members' })).status).toBe(
    404,
  );
  expect(await count('Get-Recipient', filter)).toBe(0);
  expect(await count('Get-Recipient', { ...filter, RecipientTypeDetails: 'GroupMailbox' })).toBe(1);
});

test('without a result size a cmdlet leaves out what is over it', async () => {
  const parameters = { Identity: namedGroups.newsletter.id };
  const cut = await invoke('Get-DistributionGroupMember', { ...parameters, ResultSize: 1 });
  expect(cut.body.value).toHaveLength(1);
  expect((await invoke('Get-DistributionGroupMember', { ...parameters, ResultSize: 'some' })).status).toBe(400);
});

test('a reader is shown no cmdlet that changes anything', async () => {
  const reader = tokenWith({ wids: [directoryRoles.globalReader.templateId] });
  expect((await invoke('Get-ManagementScope', {}, reader)).status).toBe(200);
  const refused = await invoke('Remove-ManagementScope', { Identity: 'x' }, reader);
  expect(refused.body.error?.details[0]?.message).toContain('CommandNotFoundException');
});
