import type { GroupId, ServicePrincipalId, UserId } from '../ids.ts';

export interface ExchangeConfiguration {
  readonly servicePrincipal: { readonly objectId: ServicePrincipalId; readonly displayName: string } | null;
  readonly policies: readonly {
    readonly identity: string;
    readonly accessRight: 'RestrictAccess' | 'DenyAccess';
    readonly groupId: GroupId | null;
    readonly scopeName: string;
    readonly description: string;
  }[];
  readonly assignments: readonly { readonly name: string; readonly role: string }[];
  readonly groups: readonly {
    readonly id: GroupId;
    readonly displayName: string;
    readonly memberIds: readonly UserId[];
    readonly nestedGroupIds: readonly GroupId[];
  }[];
}
