import type { StepResult } from '../../domain/exchange-plan/plan-result.ts';
import { isScriptValue } from '../../domain/exchange-plan/powershell-literal.ts';
import { writeScopeFilter } from '../../domain/exchange-plan/scope-filter.ts';
import type { ExchangeStep } from '../../domain/exchange-plan/step.ts';
import type { GroupId } from '../../domain/ids.ts';
import { type CmdletOutput, type Cmdlets, isSame, textOf } from './cmdlets.ts';
import { configurationFrom, findings } from './findings.ts';
import { readConfiguration } from './read-configuration.ts';
import { findGroup, findGroupByName, idOf } from './recipients.ts';
import { allowEwsApplication, readEws, withdrawEwsApplication } from './run-ews-step.ts';
import { StepFailed } from './step-failed.ts';

type Outcome = Pick<StepResult, 'outcome' | 'configuration' | 'ewsAccess'> & { readonly detail?: string };
type Step<Kind extends ExchangeStep['kind']> = Extract<ExchangeStep, { kind: Kind }>;

interface Context {
  readonly cmdlets: Cmdlets;
  readonly whatIf: boolean;
}

/** Carries out one step. The fixed code of `run-plan.ps1` does the same in PowerShell; change both together. */
export function runStep(step: ExchangeStep, context: Context): Promise<Outcome> {
  switch (step.kind) {
    case 'ensure_service_principal':
      return ensureServicePrincipal(step, context);
    case 'ensure_management_scope':
      return ensureManagementScope(step, context);
    case 'ensure_role_assignment':
      return ensureRoleAssignment(step, context);
    case 'remove_role_assignment':
      return removeNamed('ManagementRoleAssignment', step.name, context);
    case 'remove_management_scope':
      return removeNamed('ManagementScope', step.name, context);
    case 'ensure_application_access_policy':
      return ensurePolicy(step, context);
    case 'remove_application_access_policy':
      return removePolicy(step, context);
    case 'test_role_assignments':
      return testRoleAssignments(step, context);
    case 'test_application_access_policy':
      return testPolicy(step, context);
    case 'read_configuration':
      return read(step, context);
    case 'read_ews_access':
      return readEws(context);
    case 'allow_ews_application':
      return allowEwsApplication(step, context);
    case 'withdraw_ews_application':
      return withdrawEwsApplication(step, context);
  }
}

async function change(
  { cmdlets, whatIf }: Context,
  name: string,
  parameters: Readonly<Record<string, unknown>>,
  detail = '',
): Promise<Outcome> {
  if (whatIf) return { outcome: 'would_change', detail };
  await cmdlets.invoke(name, parameters);
  return { outcome: 'changed', detail };
}

async function ensureServicePrincipal(
  { appId, servicePrincipalId, displayName }: Step<'ensure_service_principal'>,
  context: Context,
): Promise<Outcome> {
  const all = await context.cmdlets.invoke('Get-ServicePrincipal');
  const idIn = (pointer: CmdletOutput) => textOf(pointer, 'ObjectId', 'ServiceId');
  const ours = all.filter((pointer) => isSame(textOf(pointer, 'AppId'), appId));
  const wrong = ours.find((pointer) => !isSame(idIn(pointer), servicePrincipalId));
  if (wrong) {
    throw new StepFailed(
      `Exchange points to another object for this application: ${idIn(wrong)}. Remove that service principal in Exchange first.`,
    );
  }
  if (ours.length > 0) return { outcome: 'already_there' };
  const other = all.find((pointer) => isSame(idIn(pointer), servicePrincipalId));
  if (other) {
    throw new StepFailed(`Exchange has this service principal for another application: ${textOf(other, 'AppId')}.`);
  }
  const parameters = { AppId: appId, ObjectId: servicePrincipalId, DisplayName: displayName };
  return change(context, 'New-ServicePrincipal', parameters);
}

async function ensureManagementScope(
  { name, groupIds, covers }: Step<'ensure_management_scope'>,
  context: Context,
): Promise<Outcome> {
  const groups = [];
  for (const groupId of groupIds) groups.push(await groupOf(context.cmdlets, groupId));
  const distinguishedNames = groups.map((group) => textOf(group, 'DistinguishedName'));
  if (!distinguishedNames.every((each) => each !== '' && isScriptValue(each))) {
    throw new StepFailed('A group has a distinguished name that no filter can carry.');
  }
  const filter = writeScopeFilter({ covers, distinguishedNames });
  const existing = await findNamed(context.cmdlets, 'ManagementScope', name);
  const detail = groups.map(describe).join(', ');
  if (!existing) {
    return change(context, 'New-ManagementScope', { Name: name, RecipientRestrictionFilter: filter }, detail);
  }
  const found = textOf(existing, 'RecipientFilter');
  // Exchange may put brackets around what it was given; anything else is another filter.
  if (found === filter || found === `(${filter})`) return { outcome: 'already_there', detail };
  throw new StepFailed(`The management scope ${name} exists with another filter: ${found}`);
}

async function ensureRoleAssignment(
  { name, servicePrincipalId, role, scopeName }: Step<'ensure_role_assignment'>,
  context: Context,
): Promise<Outcome> {
  if (await findNamed(context.cmdlets, 'ManagementRoleAssignment', name)) {
    const ours = await context.cmdlets.invoke('Get-ManagementRoleAssignment', { RoleAssignee: servicePrincipalId });
    const existing = ours.find((assignment) => isSame(textOf(assignment, 'Name'), name));
    const isAsPlanned =
      existing &&
      isSame(textOf(existing, 'Role'), role) &&
      isSame(textOf(existing, 'CustomResourceScope', 'CustomRecipientWriteScope'), scopeName) &&
      !isSame(textOf(existing, 'Enabled'), 'False');
    if (isAsPlanned) return { outcome: 'already_there' };
    throw new StepFailed(
      `The role assignment ${name} exists for another application, role or scope, or is switched off.`,
    );
  }
  return change(context, 'New-ManagementRoleAssignment', {
    Name: name,
    App: servicePrincipalId,
    Role: role,
    CustomResourceScope: scopeName,
  });
}

async function removeNamed(
  type: 'ManagementRoleAssignment' | 'ManagementScope',
  name: string,
  context: Context,
): Promise<Outcome> {
  if (!(await findNamed(context.cmdlets, type, name))) return { outcome: 'already_there' };
  return change(context, `Remove-${type}`, { Identity: name, Confirm: false });
}

async function ensurePolicy(step: Step<'ensure_application_access_policy'>, context: Context): Promise<Outcome> {
  const group = await groupOf(context.cmdlets, step.groupId);
  const detail = describe(group);
  if ((await findPolicies(step, context)).length > 0) return { outcome: 'already_there', detail };
  const parameters = {
    AppId: [step.appId],
    PolicyScopeGroupId: textOf(group, 'PrimarySmtpAddress'),
    AccessRight: step.accessRight,
    Description: step.description,
  };
  return change(context, 'New-ApplicationAccessPolicy', parameters, detail);
}

async function removePolicy(step: Step<'remove_application_access_policy'>, context: Context): Promise<Outcome> {
  const existing = await findPolicies(step, context);
  const detail = existing.map((policy) => textOf(policy, 'Identity')).join(', ');
  if (existing.length === 0) return { outcome: 'already_there' };
  if (context.whatIf) return { outcome: 'would_change', detail };
  for (const policy of existing) {
    const parameters = { Identity: textOf(policy, 'Identity'), Confirm: false };
    await context.cmdlets.invoke('Remove-ApplicationAccessPolicy', parameters);
  }
  return { outcome: 'changed', detail };
}

async function testRoleAssignments(
  { servicePrincipalId, mailboxId, expected }: Step<'test_role_assignments'>,
  { cmdlets }: Context,
): Promise<Outcome> {
  const parameters = { Identity: servicePrincipalId, Resource: mailboxId };
  const answers = await cmdlets.invoke('Test-ServicePrincipalAuthorization', parameters);
  const inScope = answers.filter((answer) => isSame(textOf(answer, 'InScope'), 'True'));
  const detail = inScope.map((answer) => textOf(answer, 'RoleName')).join(', ');
  return { outcome: inScope.length > 0 === (expected === 'in_scope') ? 'passed' : 'failed', detail };
}

async function testPolicy(
  { appId, mailboxId, expected }: Step<'test_application_access_policy'>,
  { cmdlets }: Context,
): Promise<Outcome> {
  const [answer] = await cmdlets.invoke('Test-ApplicationAccessPolicy', { Identity: mailboxId, AppId: appId });
  const detail = answer ? textOf(answer, 'AccessCheckResult') : '';
  // Over the gateway it may be a boolean.
  const said = isSame(detail, 'True') ? 'granted' : isSame(detail, 'False') ? 'denied' : detail.toLowerCase();
  return { outcome: said === expected ? 'passed' : 'failed', detail };
}

async function read({ appId }: Step<'read_configuration'>, { cmdlets }: Context): Promise<Outcome> {
  const found = findings.safeParse(await readConfiguration(cmdlets, appId));
  if (!found.success) throw new StepFailed('Exchange’s configuration is not what it was expected to be.');
  return { outcome: 'read', configuration: configurationFrom(found.data) };
}

async function groupOf(cmdlets: Cmdlets, groupId: GroupId): Promise<CmdletOutput> {
  const group = await findGroup(cmdlets, groupId);
  if (!group) throw new StepFailed(`Exchange knows no group with the object id ${groupId}.`);
  return group;
}

/** By name out of the whole list: an unknown identity is an error, or answers everything. */
async function findNamed(
  cmdlets: Cmdlets,
  type: 'ManagementRoleAssignment' | 'ManagementScope',
  name: string,
): Promise<CmdletOutput | undefined> {
  return (await cmdlets.invoke(`Get-${type}`)).find((each) => isSame(textOf(each, 'Name'), name));
}

/** Policies of the application whose scope is this very group: names alone do not tell groups apart. */
async function findPolicies(
  { appId, accessRight, groupId }: Step<'ensure_application_access_policy' | 'remove_application_access_policy'>,
  { cmdlets }: Context,
): Promise<CmdletOutput[]> {
  const found = [];
  for (const policy of await cmdlets.invoke('Get-ApplicationAccessPolicy')) {
    if (!isSame(textOf(policy, 'AppId'), appId) || !isSame(textOf(policy, 'AccessRight'), accessRight)) continue;
    const group = await findGroupByName(cmdlets, textOf(policy, 'ScopeIdentity'));
    if (group && idOf(group) === groupId) found.push(policy);
  }
  return found;
}

const describe = (group: CmdletOutput) =>
  `${textOf(group, 'DisplayName')} <${textOf(group, 'PrimarySmtpAddress')}>, ${textOf(group, 'RecipientTypeDetails')}`;
