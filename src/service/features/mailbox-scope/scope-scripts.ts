import { scriptPurposes } from '../../../contract/mailbox-scope.ts';
import { configurationOf, type PlanResult } from '../../../domain/exchange-plan/plan-result.ts';
import type { ExchangePlan } from '../../../domain/exchange-plan/step.ts';
import type { AppId, TenantId } from '../../../domain/ids.ts';
import type { ExchangeConfiguration } from '../../../domain/mailbox-access/exchange-configuration.ts';
import { ownRegistration, type RegistrationName } from '../../../domain/registration.ts';
import { AppError } from '../../app-error.ts';
import { fileHash } from '../../exchange/file-hash.ts';
import { type ReadResult, readPlanResult } from '../../exchange/read-result.ts';
import { renderScript } from '../../exchange/script.ts';
import type { StoredChange } from './scope-changes.store.ts';
import { planOf, type ScriptPurpose } from './scope-lifecycle.ts';

interface Script {
  readonly fileName: string;
  readonly text: string;
  readonly sha256: string;
}

/** Scripts for an admin to run, and the files that come back from them. */
export interface ScopeScripts {
  ofChange(change: StoredChange, purpose: ScriptPurpose): Script;
  ofReading(tenantId: TenantId): Script;
  /** @throws AppError `scope.result_unreadable`, `scope.result_of_another_plan` */
  readResult(change: StoredChange, text: string): { readonly purpose: ScriptPurpose; readonly result: PlanResult };
  /** @throws AppError as {@link ScopeScripts.readResult} */
  readReading(tenantId: TenantId, text: string): ExchangeConfiguration;
}

/** Names a plan in its script and in the result, so that a result of another step is not taken for this one's. */
export const planIdOf = ({ id }: StoredChange, purpose: ScriptPurpose) => `${id}:${purpose}`;
/** A reading of one application says nothing about another one. */
export const readingPlanId = (tenantId: TenantId, registration: RegistrationName) =>
  registration === ownRegistration ? `${tenantId}:read` : `${tenantId}:read:${registration}`;

export function readingPlan(tenantId: TenantId, appId: AppId): ExchangePlan {
  return { tenantId, steps: [{ kind: 'read_configuration', appId }] };
}

export function createScopeScripts({
  appId,
  registration,
  exchangeEnvironment,
}: {
  readonly appId: AppId;
  readonly registration: RegistrationName;
  readonly exchangeEnvironment: string;
}): ScopeScripts {
  function script(name: string, planId: string, plan: ExchangePlan): Script {
    const text = renderScript({ planId, plan, exchangeEnvironment });
    return { fileName: `mailbox-access-${name}.ps1`, text, sha256: fileHash(text) };
  }

  return {
    ofChange(change, purpose) {
      const plan = planOf(purpose, change);
      if (!plan) throw new AppError('scope.step_not_due');
      return script(purpose.replaceAll('_', '-'), planIdOf(change, purpose), plan);
    },

    ofReading: (tenantId) => script('read', readingPlanId(tenantId, registration), readingPlan(tenantId, appId)),

    readResult(change, text) {
      let refused: ReadResult & { ok: false } = { ok: false, problem: 'other_plan' };
      for (const purpose of scriptPurposes) {
        const plan = planOf(purpose, change);
        if (!plan) continue;
        const read = readPlanResult(text, { planId: planIdOf(change, purpose), plan });
        if (read.ok) return { purpose, result: read.result };
        if (read.problem !== 'other_plan') refused = read;
      }
      throw errorOf(refused);
    },

    readReading(tenantId, text) {
      const read = readPlanResult(text, {
        planId: readingPlanId(tenantId, registration),
        plan: readingPlan(tenantId, appId),
      });
      if (!read.ok) throw errorOf(read);
      const configuration = configurationOf(read.result);
      if (configuration) return configuration;
      throw new AppError('scope.result_unreadable', { details: { detail: read.result.results[0]?.detail ?? '' } });
    },
  };
}

function errorOf({ problem }: ReadResult & { ok: false }): AppError {
  const isForeign = problem === 'other_plan' || problem === 'other_tenant' || problem === 'other_steps';
  return new AppError(isForeign ? 'scope.result_of_another_plan' : 'scope.result_unreadable', { details: { problem } });
}
