import { isListed, withEntry, withoutEntry } from '../../domain/ews-migration/ews-access.ts';
import type { StepResult } from '../../domain/exchange-plan/plan-result.ts';
import type { ExchangeStep } from '../../domain/exchange-plan/step.ts';
import type { Cmdlets } from './cmdlets.ts';
import { type EwsReading, readEwsAccess } from './ews-findings.ts';
import { StepFailed } from './step-failed.ts';

type Step<Kind extends ExchangeStep['kind']> = Extract<ExchangeStep, { kind: Kind }>;
type Outcome = Pick<StepResult, 'outcome' | 'ewsAccess'> & { readonly detail?: string };

interface Context {
  readonly cmdlets: Cmdlets;
  readonly whatIf: boolean;
}

/** The steps about Exchange Web Services; `run-plan.ps1` does the same in PowerShell, change both together. */
export async function readEws({ cmdlets }: Context): Promise<Outcome> {
  return { outcome: 'read', ewsAccess: (await readEwsAccess(cmdlets)).access };
}

export async function allowEwsApplication(
  { appId, switchOn }: Step<'allow_ews_application'>,
  context: Context,
): Promise<Outcome> {
  const { access } = await readList(context.cmdlets);
  const isSwitchedOn = switchOn === 'yes' && access.enabled !== true;
  if (isListed(access.allowedAppIds, appId) && !isSwitchedOn) return { outcome: 'already_there' };
  return writeList(context, access.allowedAppIds, withEntry(access.allowedAppIds, appId), isSwitchedOn);
}

export async function withdrawEwsApplication(
  { appId }: Step<'withdraw_ews_application'>,
  context: Context,
): Promise<Outcome> {
  const { access } = await readList(context.cmdlets);
  if (!isListed(access.allowedAppIds, appId)) return { outcome: 'already_there' };
  return writeList(context, access.allowedAppIds, withoutEntry(access.allowedAppIds, appId), false);
}

async function readList(cmdlets: Cmdlets): Promise<EwsReading> {
  const reading = await readEwsAccess(cmdlets);
  if (reading.showsList) return reading;
  throw new StepFailed(
    'Exchange does not show EwsAllowedAppIDs, so the list cannot be changed without losing entries.',
  );
}

/** Exchange replaces the whole list: it is read again just before it is written, and after. */
async function writeList(
  { cmdlets, whatIf }: Context,
  before: readonly string[],
  after: readonly string[],
  isSwitchedOn: boolean,
): Promise<Outcome> {
  const detail = after.join(', ');
  if (whatIf) return { outcome: 'would_change', detail };
  const now = await readList(cmdlets);
  if (now.access.allowedAppIds.join() !== before.join()) {
    throw new StepFailed('Somebody else changed the list meanwhile. Nothing was written; run the step again.');
  }
  await cmdlets.invoke('Set-OrganizationConfig', {
    ...(isSwitchedOn ? { EwsEnabled: true } : {}),
    EwsAllowedAppIDs: after.join(),
  });
  const { access } = await readList(cmdlets);
  const missing = after.filter((entry) => !isListed(access.allowedAppIds, entry));
  if (missing.length > 0) {
    throw new StepFailed(`The list was written, and Exchange does not show: ${missing.join(', ')}. Look at it again.`);
  }
  return { outcome: 'changed', detail };
}
