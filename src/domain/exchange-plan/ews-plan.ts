import type { AppId, TenantId } from '../ids.ts';
import type { ExchangePlan, ExchangeStep } from './step.ts';

const read: ExchangeStep = { kind: 'read_ews_access' };

/** The plan that reads what the tenant says of Exchange Web Services; changes nothing. */
export function planEwsReading(tenantId: TenantId): ExchangePlan {
  return { tenantId, steps: [read] };
}

/** What shall become of an application's entry in the tenant's allow-list of Exchange Web Services. */
export const ewsListChanges = ['add', 'add_and_switch_on', 'remove'] as const;
export type EwsListChange = (typeof ewsListChanges)[number];

/**
 * The plan that changes one application's entry in the allow-list and reads the list afterwards. Exchange replaces the
 * list as a whole, so each step reads it, changes the one entry and writes all the others back.
 */
export function planEwsListChange(tenantId: TenantId, appId: AppId, change: EwsListChange): ExchangePlan {
  const step: ExchangeStep =
    change === 'remove'
      ? { kind: 'withdraw_ews_application', appId }
      : { kind: 'allow_ews_application', appId, switchOn: change === 'add_and_switch_on' ? 'yes' : 'no' };
  return { tenantId, steps: [step, read] };
}
