import type { AppId, GroupId, ServicePrincipalId, TenantId, UserId } from '../ids.ts';

/** What one step does in Exchange Online. Every step can be run twice: what is there already is recognised, not made again. */
export type ExchangeStep =
  /** Exchange's pointer to the service principal; role assignments need it. */
  | {
      readonly kind: 'ensure_service_principal';
      readonly appId: AppId;
      /** Object id of the enterprise application, not of the app registration. */
      readonly servicePrincipalId: ServicePrincipalId;
      readonly displayName: string;
    }
  /**
   * A management scope over the direct members of any of the groups, or over everybody else. RBAC for Applications does
   * not expand nested groups: each of them is named beside the group that holds it.
   */
  | {
      readonly kind: 'ensure_management_scope';
      readonly name: string;
      readonly groupIds: readonly [GroupId, ...GroupId[]];
      readonly covers: 'members' | 'everybody_else';
    }
  | {
      readonly kind: 'ensure_role_assignment';
      readonly name: string;
      readonly servicePrincipalId: ServicePrincipalId;
      readonly role: string;
      readonly scopeName: string;
    }
  | { readonly kind: 'remove_role_assignment'; readonly name: string }
  | { readonly kind: 'remove_management_scope'; readonly name: string }
  | {
      readonly kind: 'ensure_application_access_policy';
      readonly appId: AppId;
      readonly groupId: GroupId;
      readonly accessRight: 'RestrictAccess' | 'DenyAccess';
      readonly description: string;
    }
  | {
      readonly kind: 'remove_application_access_policy';
      readonly appId: AppId;
      readonly groupId: GroupId;
      readonly accessRight: 'RestrictAccess' | 'DenyAccess';
    }
  /** Asks Exchange what its role assignments say of a mailbox; changes nothing. */
  | {
      readonly kind: 'test_role_assignments';
      readonly servicePrincipalId: ServicePrincipalId;
      readonly mailboxId: UserId;
      readonly expected: 'in_scope' | 'out_of_scope';
    }
  /** Asks Exchange what its application access policies say of a mailbox; changes nothing. */
  | {
      readonly kind: 'test_application_access_policy';
      readonly appId: AppId;
      readonly mailboxId: UserId;
      readonly expected: 'granted' | 'denied';
    }
  /** Reads what Exchange enforces for an application now; changes nothing. */
  | { readonly kind: 'read_configuration'; readonly appId: AppId }
  /** Reads what the tenant says of Exchange Web Services; changes nothing. */
  | { readonly kind: 'read_ews_access' }
  /** Adds an application to the allow-list of Exchange Web Services and keeps every entry that is there. */
  | { readonly kind: 'allow_ews_application'; readonly appId: AppId; readonly switchOn: 'yes' | 'no' }
  /** Takes one application out of that list and keeps every other entry. */
  | { readonly kind: 'withdraw_ews_application'; readonly appId: AppId };

export type StepKind = ExchangeStep['kind'];
export type TestStep = Extract<ExchangeStep, { kind: 'test_role_assignments' | 'test_application_access_policy' }>;

/** Steps in the order in which they must run, for one tenant. */
export interface ExchangePlan {
  readonly tenantId: TenantId;
  readonly steps: readonly ExchangeStep[];
}

/** Steps that compare Exchange's answer with what the plan expects; they change nothing. */
export function isTest(step: ExchangeStep): step is TestStep {
  return step.kind === 'test_role_assignments' || step.kind === 'test_application_access_policy';
}
