import type { StepResult } from '../../src/domain/exchange-plan/plan-result.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { directoryRoles } from '../../src/sandbox/tenant/directory-roles.ts';
import { trustCertificateAuthority } from '../../src/sandbox/trust.ts';
import type { ExchangeExecutor } from '../../src/service/exchange/executor.ts';
import { readPlanResult } from '../../src/service/exchange/read-result.ts';
import { renderScript } from '../../src/service/exchange/script.ts';
import { type Literal, literalOf, parsePowershell } from './powershell.ts';

export interface ScriptRun {
  /** As PowerShell 7 writes JSON, or as Windows PowerShell 5.1: a byte order mark, and lists of one without brackets. */
  readonly shell?: 'powershell_7' | 'windows_powershell';
  readonly whatIf?: boolean;
  /** The tenant that the admin is signed in to; Contoso unless given. */
  readonly connectedTo?: string;
}

/**
 * Plays PowerShell for a generated script: takes the plan's literals out of its syntax tree, carries the steps out with
 * the cmdlets of the simulated Exchange, and returns the text of the result file.
 *
 * There is no PowerShell on a test machine. The fixed code of the script is parsed by PowerShell's grammar and is not
 * executed: this file does what that code says, written apart from the service's own executor. What it proves is that the
 * literals are read as they were meant, that such steps lead to such objects, and that the result file can be read.
 * @throws what the script throws before it writes a file
 */
export async function runScript(sandbox: Sandbox, script: string, run: ScriptRun = {}): Promise<string> {
  const root = await parsePowershell(script);
  const tenantId = String(literalOf(root, 'TenantId'));
  const connectedTo = run.connectedTo ?? sandbox.tenant.id;
  if (connectedTo !== tenantId) {
    throw new Error(
      `This plan is for the tenant ${tenantId}, and you are connected to ${connectedTo}. Nothing was changed.`,
    );
  }
  const steps = literalOf(root, 'Steps') as Step[];
  const cmdlets = connect(sandbox, connectedTo);
  const whatIf = run.whatIf ?? false;

  const results: Omit<StepResult, 'configuration' | 'ewsAccess'>[] = [];
  let [isStopped, isPending] = [false, false];
  for (const [step, each] of steps.entries()) {
    const kind = each.Kind as StepResult['kind'];
    if (isStopped || (isPending && kind.startsWith('test_'))) {
      results.push({ step, kind, outcome: 'not_run', detail: '' });
      continue;
    }
    try {
      const { outcome, detail = '', ...found } = await runStep(each, { cmdlets, whatIf });
      results.push({ step, kind, outcome, detail, ...found });
      isPending ||= outcome === 'would_change';
    } catch (error) {
      const isTest = kind.startsWith('test_');
      results.push({ step, kind, outcome: isTest ? 'not_run' : 'error', detail: (error as Error).message });
      isStopped = !isTest;
    }
  }
  const report = { planId: literalOf(root, 'PlanId'), tenantId, whatIf, results };
  if (run.shell !== 'windows_powershell') return JSON.stringify(report, null, 2);
  const unrolled = JSON.stringify(report, (_key, value) =>
    Array.isArray(value) && value.length === 1 ? value[0] : value,
  );
  return `\uFEFF${unrolled}`;
}

/** The second adapter of the executor: a script is written, run by an admin, and its result brought back. */
export function createScriptExecutor(sandbox: Sandbox, run: ScriptRun = {}): ExchangeExecutor {
  return {
    async run(plan, { planId, whatIf = false }) {
      const script = renderScript({ planId, plan, exchangeEnvironment: 'O365Default' });
      const read = readPlanResult(await runScript(sandbox, script, { ...run, whatIf }), { planId, plan });
      if (!read.ok) throw new Error(read.problem);
      return read.result;
    },
  };
}

type Step = { readonly [key: string]: Literal };
type Found = Readonly<Record<string, unknown>>;
type Cmdlets = (name: string, parameters?: object) => Promise<Found[]>;
interface Context {
  readonly cmdlets: Cmdlets;
  readonly whatIf: boolean;
}
interface Outcome {
  readonly outcome: StepResult['outcome'];
  readonly detail?: string;
  readonly configuration?: object;
  readonly ewsAccess?: object;
}

/** Connect-ExchangeOnline as an Exchange Administrator. */
function connect(sandbox: Sandbox, tenantId: string): Cmdlets {
  trustCertificateAuthority(sandbox.certificateAuthority.certificate);
  const token = sandbox.keys.sign({
    aud: 'https://outlook.office365.com',
    tid: tenantId,
    scp: 'Exchange.Manage',
    wids: [directoryRoles.exchangeAdministrator.templateId],
    exp: Math.floor(sandbox.clock.now().getTime() / 1000) + 3600,
  });
  return async (name, parameters = {}) => {
    const found: Found[] = [];
    let url: string | undefined = `${sandbox.url}/adminapi/beta/${tenantId}/InvokeCommand`;
    while (url) {
      const response: Response = await fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'x-anchormailbox': 'UPN:admin@contoso.example' },
        body: JSON.stringify({ CmdletInput: { CmdletName: name, Parameters: parameters } }),
      });
      const body = (await response.json()) as {
        value?: Found[];
        error?: { details: { message: string }[] };
        '@odata.nextLink'?: string;
      };
      if (!response.ok) throw new Error(body.error?.details[0]?.message ?? `${response.status}`);
      found.push(...(body.value ?? []));
      url = body['@odata.nextLink'];
    }
    return found;
  };
}

async function runStep(step: Step, context: Context): Promise<Outcome> {
  const { cmdlets } = context;
  switch (step.Kind) {
    case 'ensure_service_principal': {
      const all = await cmdlets('Get-ServicePrincipal');
      const ours = all.filter(({ AppId }) => AppId === step.AppId);
      const wrong = ours.find(({ ObjectId }) => ObjectId !== step.ServicePrincipalId);
      if (wrong) throw new Error(`Exchange points to another object for this application: ${wrong.ObjectId}.`);
      if (ours.length > 0) return { outcome: 'already_there' };
      if (all.some(({ ObjectId }) => ObjectId === step.ServicePrincipalId)) throw new Error('Of another application.');
      const { AppId, ServicePrincipalId: ObjectId, DisplayName } = step;
      return change(context, 'New-ServicePrincipal', { AppId, ObjectId, DisplayName });
    }
    case 'ensure_management_scope': {
      const groups = [];
      for (const id of step.GroupIds as string[]) groups.push(await scopeGroup(cmdlets, id));
      const members = groups.map(({ DistinguishedName: name }) => {
        const value = String(name).replace(/['\u2018\u2019\u201A\u201B]/g, '$&$&');
        return `MemberOfGroup -eq '${value}'`;
      });
      const any = members.join(' -or ');
      const filter = step.Covers === 'everybody_else' ? `-not (${any})` : any;
      const existing = (await cmdlets('Get-ManagementScope')).find(({ Name }) => Name === step.Name);
      if (!existing) {
        return change(context, 'New-ManagementScope', { Name: step.Name, RecipientRestrictionFilter: filter });
      }
      if (existing.RecipientFilter === filter) return { outcome: 'already_there' };
      throw new Error(`The management scope ${step.Name} exists with another filter: ${existing.RecipientFilter}`);
    }
    case 'ensure_role_assignment': {
      const all = await cmdlets('Get-ManagementRoleAssignment');
      if (all.some(({ Name }) => Name === step.Name)) {
        const ours = await cmdlets('Get-ManagementRoleAssignment', { RoleAssignee: step.ServicePrincipalId });
        const found = ours.find(({ Name }) => Name === step.Name);
        if (found?.Role === step.Role && found?.CustomResourceScope === step.ScopeName)
          return { outcome: 'already_there' };
        throw new Error(`The role assignment ${step.Name} exists for another application, role or scope.`);
      }
      const { Name, ServicePrincipalId: App, Role, ScopeName: CustomResourceScope } = step;
      return change(context, 'New-ManagementRoleAssignment', { Name, App, Role, CustomResourceScope });
    }
    case 'remove_role_assignment':
      return removeNamed('ManagementRoleAssignment', step, context);
    case 'remove_management_scope':
      return removeNamed('ManagementScope', step, context);
    case 'ensure_application_access_policy': {
      const group = await scopeGroup(cmdlets, String(step.GroupId));
      if ((await policiesOf(step, cmdlets)).length > 0) return { outcome: 'already_there' };
      const { AppId, AccessRight, Description } = step;
      const PolicyScopeGroupId = group.PrimarySmtpAddress;
      return change(context, 'New-ApplicationAccessPolicy', { AppId, PolicyScopeGroupId, AccessRight, Description });
    }
    case 'remove_application_access_policy': {
      const existing = await policiesOf(step, cmdlets);
      if (existing.length === 0) return { outcome: 'already_there' };
      for (const { Identity } of existing) await change(context, 'Remove-ApplicationAccessPolicy', { Identity });
      return { outcome: context.whatIf ? 'would_change' : 'changed' };
    }
    case 'test_role_assignments': {
      const parameters = { Identity: step.ServicePrincipalId, Resource: step.MailboxId };
      const answers = await cmdlets('Test-ServicePrincipalAuthorization', parameters);
      const isInScope = answers.some(({ InScope }) => InScope === 'True');
      return { outcome: isInScope === (step.Expected === 'in_scope') ? 'passed' : 'failed' };
    }
    case 'test_application_access_policy': {
      const parameters = { Identity: step.MailboxId, AppId: step.AppId };
      const [answer] = await cmdlets('Test-ApplicationAccessPolicy', parameters);
      const said = String(answer?.AccessCheckResult).toLowerCase();
      return { outcome: said === step.Expected ? 'passed' : 'failed' };
    }
    case 'read_configuration':
      return { outcome: 'read', configuration: await read(String(step.AppId), cmdlets) };
    case 'read_ews_access':
      return { outcome: 'read', ewsAccess: await readEws(cmdlets) };
    case 'allow_ews_application': {
      const { enabled, appIds } = await ewsList(cmdlets);
      const isListed = appIds.some((id) => isSameApp(id, step.AppId));
      const switchOn = step.SwitchOn === 'yes' && enabled !== true;
      if (isListed && !switchOn) return { outcome: 'already_there' };
      const EwsAllowedAppIDs = [...appIds, ...(isListed ? [] : [step.AppId])].join(',');
      return change(context, 'Set-OrganizationConfig', { EwsAllowedAppIDs, ...(switchOn ? { EwsEnabled: true } : {}) });
    }
    case 'withdraw_ews_application': {
      const { appIds } = await ewsList(cmdlets);
      const left = appIds.filter((id) => !isSameApp(id, step.AppId));
      if (left.length === appIds.length) return { outcome: 'already_there' };
      return change(context, 'Set-OrganizationConfig', { EwsAllowedAppIDs: left.join(',') });
    }
    default:
      throw new Error(`The step ${step.Kind} is not known.`);
  }
}

const isSameApp = (one: string, other: unknown) =>
  one.replace(/[{}]/g, '').toLowerCase() === String(other).toLowerCase();

async function organizationConfig(cmdlets: Cmdlets): Promise<Found> {
  const [config] = await cmdlets('Get-OrganizationConfig', { RetrieveEwsOperationAccessPolicy: true });
  return config ?? {};
}

async function ewsList(cmdlets: Cmdlets): Promise<{ enabled: unknown; appIds: string[] }> {
  const { EwsEnabled: enabled, ...config } = await organizationConfig(cmdlets);
  if (!('EwsAllowedAppIDs' in config)) throw new Error('Exchange does not show EwsAllowedAppIDs.');
  const appIds = [config.EwsAllowedAppIDs ?? []].flat().flatMap((text) => String(text).split(','));
  return { enabled, appIds: appIds.map((id) => id.trim()).filter(Boolean) };
}

async function readEws(cmdlets: Cmdlets): Promise<object> {
  const config = await organizationConfig(cmdlets);
  // Get-Text writes $true as a word, and nothing for $null.
  const word = (value: unknown) => (typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value ?? ''));
  return {
    enabled: word(config.EwsEnabled),
    allowedAppIds: [config.EwsAllowedAppIDs ?? []].flat(),
    userAgentPolicy: word(config.EwsApplicationAccessPolicy),
    allowedUserAgents: [config.EwsAllowList ?? []].flat(),
    blockedUserAgents: [config.EwsBlockList ?? []].flat(),
  };
}

async function change({ cmdlets, whatIf }: Context, name: string, parameters: object): Promise<Outcome> {
  if (whatIf) return { outcome: 'would_change' };
  await cmdlets(name, parameters);
  return { outcome: 'changed' };
}

async function removeNamed(type: string, { Name }: Step, context: Context): Promise<Outcome> {
  const all = await context.cmdlets(`Get-${type}`);
  if (!all.some((each) => each.Name === Name)) return { outcome: 'already_there' };
  return change(context, `Remove-${type}`, { Identity: Name, Confirm: false });
}

const isGroup = ({ RecipientTypeDetails: type }: Found) => /group|^RoomList$/i.test(String(type));

async function scopeGroup(cmdlets: Cmdlets, id: string): Promise<Found> {
  const Filter = `ExternalDirectoryObjectId -eq '${id}'`;
  const found = await cmdlets('Get-Recipient', { Filter });
  const all =
    found.length > 0 ? found : await cmdlets('Get-Recipient', { Filter, RecipientTypeDetails: 'GroupMailbox' });
  if (!all[0] || !isGroup(all[0])) throw new Error(`Exchange knows no group with the object id ${id}.`);
  return all[0];
}

async function groupByName(cmdlets: Cmdlets, name: unknown): Promise<Found | undefined> {
  if (!name) return undefined;
  const found = await cmdlets('Get-Recipient', { Identity: name }).catch(() => []);
  return found.find(isGroup);
}

async function policiesOf(step: Step, cmdlets: Cmdlets): Promise<Found[]> {
  const found = [];
  for (const policy of await cmdlets('Get-ApplicationAccessPolicy')) {
    if (policy.AppId !== step.AppId || policy.AccessRight !== step.AccessRight) continue;
    const group = await groupByName(cmdlets, policy.ScopeIdentity);
    if (group?.ExternalDirectoryObjectId === step.GroupId) found.push(policy);
  }
  return found;
}

async function read(appId: string, cmdlets: Cmdlets): Promise<object> {
  const roots: Found[] = [];
  const resolve = async (name: unknown) => {
    const group = await groupByName(cmdlets, name);
    if (group) roots.push(group);
    return group?.ExternalDirectoryObjectId ?? '';
  };
  const pointers = (await cmdlets('Get-ServicePrincipal')).filter(({ AppId }) => AppId === appId);
  const policies = [];
  for (const policy of await cmdlets('Get-ApplicationAccessPolicy')) {
    if (policy.AppId !== appId) continue;
    const { Identity: identity, AccessRight: accessRight, ScopeName: scopeName, Description: description } = policy;
    policies.push({ identity, accessRight, groupId: await resolve(policy.ScopeIdentity), scopeName, description });
  }
  const assignments: Found[] = [];
  for (const { ObjectId } of pointers) {
    for (const each of await cmdlets('Get-ManagementRoleAssignment', { RoleAssignee: ObjectId })) {
      assignments.push({
        name: each.Name,
        role: each.Role,
        writeScope: each.RecipientWriteScope,
        resourceScope: each.CustomResourceScope ?? '',
        groupScope: each.RecipientGroupScope ?? '',
        groupId: await resolve(each.RecipientGroupScope),
        administrativeUnit: '',
      });
    }
  }
  const scopes = (await cmdlets('Get-ManagementScope'))
    .filter(({ Name }) => assignments.some(({ resourceScope }) => resourceScope === Name))
    .map(({ Name: name, RecipientFilter: filter }) => ({ name, filter }));
  const literal = /MemberOfGroup -eq '((?:[^'\u2018\u2019\u201A\u201B]|['\u2018\u2019\u201A\u201B]{2})*)'/g;
  for (const { filter } of scopes) {
    for (const [, name = ''] of String(filter).matchAll(literal)) {
      await resolve(name.replace(/['\u2018\u2019\u201A\u201B](['\u2018\u2019\u201A\u201B])/g, '$1'));
    }
  }
  const servicePrincipals = pointers.map(({ ObjectId: objectId, DisplayName: displayName }) => ({
    objectId,
    displayName,
  }));
  return { servicePrincipals, policies, assignments, scopes, groups: await readGroups(roots, cmdlets) };
}

async function readGroups(roots: readonly Found[], cmdlets: Cmdlets): Promise<object[]> {
  const groups = new Map<unknown, object>();
  const waiting = [...roots];
  for (let group = waiting.shift(); group; group = waiting.shift()) {
    const { ExternalDirectoryObjectId: id, RecipientTypeDetails: type } = group;
    if (groups.has(id)) continue;
    const links = type === 'GroupMailbox';
    const members = await cmdlets(links ? 'Get-UnifiedGroupLinks' : 'Get-DistributionGroupMember', {
      Identity: id,
      ResultSize: 'Unlimited',
      ...(links ? { LinkType: 'Members' } : {}),
    }).catch(() => undefined);
    const idsOf = (found: readonly Found[] = []) => found.map((each) => each.ExternalDirectoryObjectId);
    groups.set(id, {
      id,
      displayName: group.DisplayName,
      address: group.PrimarySmtpAddress,
      type,
      distinguishedName: group.DistinguishedName,
      membersKnown: members !== undefined,
      memberIds: idsOf(members?.filter((member) => !isGroup(member))),
      nestedGroupIds: idsOf(members?.filter(isGroup)),
    });
    waiting.push(...(members?.filter(isGroup) ?? []));
  }
  return [...groups.values()];
}
