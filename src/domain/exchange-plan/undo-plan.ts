import type { ExchangePlan, ExchangeStep } from './step.ts';

/**
 * The plan that takes another one back, in reverse order, and reads what is left where that one read. Exchange's pointer
 * to the service principal stays: it grants nothing, and others may use it.
 */
export function planUndo(plan: ExchangePlan): ExchangePlan {
  const removals = plan.steps.flatMap((step): ExchangeStep[] => {
    switch (step.kind) {
      case 'ensure_role_assignment':
        return [{ kind: 'remove_role_assignment', name: step.name }];
      case 'ensure_management_scope':
        return [{ kind: 'remove_management_scope', name: step.name }];
      case 'ensure_application_access_policy': {
        const { appId, groupId, accessRight } = step;
        return [{ kind: 'remove_application_access_policy', appId, groupId, accessRight }];
      }
      default:
        return [];
    }
  });
  const reads = plan.steps.filter((step) => step.kind === 'read_configuration');
  return { tenantId: plan.tenantId, steps: [...removals.reverse(), ...reads] };
}
