import type { EwsAccess } from '../../../domain/ews-migration/ews-access.ts';
import {
  type EwsListChange,
  ewsListChanges,
  planEwsListChange,
  planEwsReading,
} from '../../../domain/exchange-plan/ews-plan.ts';
import { ewsAccessOf, type PlanResult } from '../../../domain/exchange-plan/plan-result.ts';
import type { ExchangePlan } from '../../../domain/exchange-plan/step.ts';
import type { AppId, TenantId } from '../../../domain/ids.ts';
import { AppError } from '../../app-error.ts';
import { fileHash } from '../../exchange/file-hash.ts';
import { readPlanResult } from '../../exchange/read-result.ts';
import { renderScript } from '../../exchange/script.ts';

interface Script {
  readonly fileName: string;
  readonly text: string;
  readonly sha256: string;
}

/** Scripts about the switch and the allow-list of Exchange Web Services, and the files that come back from them. */
export interface EwsScripts {
  ofReading(tenantId: TenantId): Script;
  ofListChange(tenantId: TenantId, appId: AppId, change: EwsListChange): Script;
  /** @throws AppError `scope.result_unreadable`, `scope.result_of_another_plan` */
  readResult(tenantId: TenantId, text: string): EwsAccess;
}

export const ewsReadingPlanId = (tenantId: TenantId) => `${tenantId}:ews`;
const listPlanId = (tenantId: TenantId, appId: AppId, change: EwsListChange) => `${tenantId}:ews:${change}:${appId}`;

export function createEwsScripts({ exchangeEnvironment }: { readonly exchangeEnvironment: string }): EwsScripts {
  function script(name: string, planId: string, plan: ExchangePlan): Script {
    const text = renderScript({ planId, plan, exchangeEnvironment });
    return { fileName: `mailbox-access-${name}.ps1`, text, sha256: fileHash(text) };
  }

  return {
    ofReading: (tenantId) => script('ews-read', ewsReadingPlanId(tenantId), planEwsReading(tenantId)),

    ofListChange(tenantId, appId, change) {
      const name = `ews-${change.replaceAll('_', '-')}`;
      return script(name, listPlanId(tenantId, appId, change), planEwsListChange(tenantId, appId, change));
    },

    readResult(tenantId, text) {
      const { planId, plan } = planOfResult(tenantId, text);
      const read = readPlanResult(text, { planId, plan });
      if (!read.ok) {
        const isForeign = ['other_plan', 'other_tenant', 'other_steps'].includes(read.problem);
        const code = isForeign ? 'scope.result_of_another_plan' : 'scope.result_unreadable';
        throw new AppError(code, { details: { problem: read.problem } });
      }
      const access = ewsAccessOf(read.result);
      if (access) return access;
      throw new AppError('scope.result_unreadable', { details: { detail: detailOf(read.result) } });
    },
  };
}

/** The plan that a file says it is the result of; the reading's where it says nothing that is known. */
function planOfResult(tenantId: TenantId, text: string): { planId: string; plan: ExchangePlan } {
  for (const change of ewsListChanges) {
    const [, appId] = new RegExp(`"${tenantId}:ews:${change}:([0-9a-f-]{36})"`).exec(text) ?? [];
    if (!appId) continue;
    const id = appId as AppId;
    return { planId: listPlanId(tenantId, id, change), plan: planEwsListChange(tenantId, id, change) };
  }
  return { planId: ewsReadingPlanId(tenantId), plan: planEwsReading(tenantId) };
}

const detailOf = ({ results }: PlanResult) => results.find(({ detail }) => detail !== '')?.detail ?? '';
