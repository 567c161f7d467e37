import type { MailboxScope } from '../../../contract/mailbox-scope.ts';
import { configurationOf, type PlanResult } from '../../../domain/exchange-plan/plan-result.ts';
import type { ExchangePlan } from '../../../domain/exchange-plan/step.ts';
import type { AppId, TenantId } from '../../../domain/ids.ts';
import type { ExchangeConfiguration } from '../../../domain/mailbox-access/exchange-configuration.ts';
import type { RegistrationName } from '../../../domain/registration.ts';
import { AppError } from '../../app-error.ts';
import type { Admin } from '../../auth/admin.ts';
import { type ExchangeExecutor, isRefusal, type RunOptions } from '../../exchange/executor.ts';
import { errorOfRefusal } from '../../exchange/refusal-error.ts';
import type { StoredChange } from './scope-changes.store.ts';
import { planOf, type ScriptPurpose } from './scope-lifecycle.ts';
import { planIdOf, readingPlan, readingPlanId } from './scope-scripts.ts';

/** Plans carried out over Exchange's gateway, as far as the operator switched it on. */
export interface ScopeGateway {
  /** @throws AppError `exchange.gateway_off`, `scope.sign_in_needed`, `exchange.role_missing`, `exchange.unavailable` */
  run(
    admin: Admin,
    change: StoredChange,
    options: { readonly purpose: ScriptPurpose; readonly whatIf: boolean },
  ): Promise<PlanResult>;
  /** @throws AppError as {@link ScopeGateway.run} */
  read(admin: Admin): Promise<ExchangeConfiguration>;
  /** As the service's own application; undefined unless the operator chose that, and where Exchange did not answer. */
  readAsApplication(tenantId: TenantId): Promise<ExchangeConfiguration | undefined>;
}

interface Dependencies {
  readonly appId: AppId;
  readonly registration: RegistrationName;
  readonly mode: MailboxScope['gateway'];
  readonly executorFor: (admin: Admin) => ExchangeExecutor;
  readonly executorAsApplication: (tenantId: TenantId) => ExchangeExecutor;
  /** The delegated permission that the gateway takes. */
  readonly delegatedScope: string;
}

export function createScopeGateway(dependencies: Dependencies): ScopeGateway {
  const { appId, registration, mode, executorFor, executorAsApplication, delegatedScope } = dependencies;

  async function run(admin: Admin, plan: ExchangePlan, options: RunOptions): Promise<PlanResult> {
    if (mode === 'off') throw new AppError('exchange.gateway_off');
    const executor = mode === 'delegated' ? executorFor(admin) : executorAsApplication(admin.tenantId);
    const outcome = await executor.run(plan, options);
    if (isRefusal(outcome)) throw errorOfRefusal(outcome, mode === 'delegated' ? delegatedScope : undefined);
    return outcome;
  }

  function enforcedBy(result: PlanResult): ExchangeConfiguration {
    const configuration = configurationOf(result);
    if (configuration) return configuration;
    const detail = result.results.map((step) => step.detail).find((text) => text !== '') ?? '';
    throw new AppError('exchange.unavailable', { details: { detail } });
  }

  return {
    async run(admin, change, { purpose, whatIf }) {
      const plan = planOf(purpose, change);
      if (!plan) throw new AppError('scope.step_not_due');
      return run(admin, plan, { planId: planIdOf(change, purpose), whatIf });
    },

    async read(admin) {
      const plan = readingPlan(admin.tenantId, appId);
      return enforcedBy(await run(admin, plan, { planId: readingPlanId(admin.tenantId, registration) }));
    },

    async readAsApplication(tenantId) {
      if (mode !== 'application') return undefined;
      const plan = readingPlan(tenantId, appId);
      const outcome = await executorAsApplication(tenantId).run(plan, {
        planId: readingPlanId(tenantId, registration),
      });
      return isRefusal(outcome) ? undefined : configurationOf(outcome);
    },
  };
}
