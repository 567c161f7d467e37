import type { EwsCockpit } from '../../../contract/ews-migrations.ts';
import type { EwsAccess } from '../../../domain/ews-migration/ews-access.ts';
import { planEwsReading } from '../../../domain/exchange-plan/ews-plan.ts';
import { ewsAccessOf } from '../../../domain/exchange-plan/plan-result.ts';
import type { TenantId } from '../../../domain/ids.ts';
import { AppError } from '../../app-error.ts';
import type { Admin } from '../../auth/admin.ts';
import { type ExchangeExecutor, isRefusal } from '../../exchange/executor.ts';
import { errorOfRefusal } from '../../exchange/refusal-error.ts';
import { ewsReadingPlanId } from './ews-scripts.ts';

/** The switch and the list read over Exchange's gateway, as far as the operator switched it on. */
export interface EwsGateway {
  /** @throws AppError `exchange.gateway_off`, `scope.sign_in_needed`, `exchange.role_missing`, `exchange.unavailable` */
  read(admin: Admin): Promise<EwsAccess>;
}

interface Dependencies {
  readonly mode: EwsCockpit['gateway'];
  readonly executorFor: (admin: Admin) => ExchangeExecutor;
  readonly executorAsApplication: (tenantId: TenantId) => ExchangeExecutor;
  /** The delegated permission that the gateway takes. */
  readonly delegatedScope: string;
}

export function createEwsGateway({
  mode,
  executorFor,
  executorAsApplication,
  delegatedScope,
}: Dependencies): EwsGateway {
  return {
    async read(admin) {
      if (mode === 'off') throw new AppError('exchange.gateway_off');
      const executor = mode === 'delegated' ? executorFor(admin) : executorAsApplication(admin.tenantId);
      const outcome = await executor.run(planEwsReading(admin.tenantId), { planId: ewsReadingPlanId(admin.tenantId) });
      if (isRefusal(outcome)) throw errorOfRefusal(outcome, mode === 'delegated' ? delegatedScope : undefined);
      const access = ewsAccessOf(outcome);
      if (access) return access;
      throw new AppError('exchange.unavailable', { details: { detail: outcome.results[0]?.detail ?? '' } });
    },
  };
}
