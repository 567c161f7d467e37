import type { Clock } from '../clock.ts';
import type { Person } from '../tenant/person.ts';
import { guidOf } from '../tenant/random.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type {
  ApplicationAccessPolicy,
  EwsConfiguration,
  ManagementScope,
  RoleAssignment,
  ServicePrincipalPointer,
} from './objects.ts';
import { type FilterSubject, parseRecipientFilter } from './recipient-filter.ts';

/** Exchange Online of one tenant: what limits applications to some mailboxes. */
export class Exchange {
  readonly policies: ApplicationAccessPolicy[] = [];
  readonly servicePrincipals: ServicePrincipalPointer[] = [];
  readonly scopes: ManagementScope[] = [];
  readonly assignments: RoleAssignment[] = [];
  /** A tenant that never touched it. */
  readonly ews: EwsConfiguration = {
    enabled: null,
    allowedAppIds: '',
    applicationAccessPolicy: null,
    allowList: [],
    blockList: [],
  };
  readonly #tenant: Tenant;
  readonly #clock: Clock;
  #counter = 0;

  constructor(tenant: Tenant, clock: Clock) {
    this.#tenant = tenant;
    this.#clock = clock;
  }

  addPolicy(policy: Pick<ApplicationAccessPolicy, 'appId' | 'groupId' | 'accessRight' | 'description'>) {
    const id = guidOf(`${this.#tenant.id}/policy/${++this.#counter}`);
    const identity = `${this.#tenant.id}\\${policy.appId}:S-1-5-21-${policy.groupId};${id}`;
    return this.#add(this.policies, { ...policy, identity });
  }

  addServicePrincipal(pointer: Pick<ServicePrincipalPointer, 'appId' | 'objectId' | 'displayName'>) {
    return this.#add(this.servicePrincipals, pointer);
  }

  addScope(scope: Pick<ManagementScope, 'name' | 'recipientFilter'>) {
    parseRecipientFilter(scope.recipientFilter);
    return this.#add(this.scopes, scope);
  }

  addAssignment(assignment: Pick<RoleAssignment, 'name' | 'objectId' | 'role' | 'scope'>) {
    return this.#add(this.assignments, assignment);
  }

  remove(configured: { removedAt: Date | null }): void {
    configured.removedAt = this.#clock.now();
  }

  /** What is configured now, as cmdlets list it. */
  current<T extends { removedAt: Date | null }>(list: readonly T[]): T[] {
    return list.filter((each) => !each.removedAt);
  }

  /** The name of a group, which is unique in an organization; display names are not. */
  nameOf(groupId: string): string {
    const group = this.#tenant.groups.get(groupId);
    if (!group) return groupId;
    const sameName = [...this.#tenant.groups.values()].filter(
      ({ mailEnabled, displayName }) => mailEnabled && displayName.toLowerCase() === group.displayName.toLowerCase(),
    );
    return sameName[0] === group ? group.displayName : `${group.displayName}_${group.id}`;
  }

  /** Exchange writes groups with a distinguished name; filters name them by it. */
  distinguishedNameOf(groupId: string): string {
    const name = this.nameOf(groupId).replaceAll(/[,+"\\<>;=]/g, '\\$&');
    return `CN=${name},OU=${this.#tenant.domain},OU=Microsoft Exchange Hosted Organizations,DC=EURPR01A001,DC=PROD,DC=OUTLOOK,DC=COM`;
  }

  /** Whether a scope holds a mailbox. Only direct members of a group count. */
  holds(scope: RoleAssignment['scope'], person: Person): boolean {
    switch (scope.kind) {
      case 'organization':
        return true;
      case 'group':
        return this.#tenant.groups.get(scope.groupId)?.memberIds.includes(person.id) ?? false;
      case 'management_scope': {
        const found = this.current(this.scopes).find((each) => each.name === scope.name);
        return found ? parseRecipientFilter(found.recipientFilter)(this.#subject(person)) : false;
      }
    }
  }

  /** Whether policies count a mailbox among a group's: nested groups do. */
  isTransitiveMember(groupId: string, person: Person): boolean {
    return this.#tenant.transitiveMemberIds(groupId).includes(person.id);
  }

  #subject(person: Person): FilterSubject {
    const groups = [...this.#tenant.groups.values()].filter(
      // Exchange does not know security groups without mail.
      (group) => group.mailEnabled && group.memberIds.includes(person.id),
    );
    return {
      attributes: { Department: person.department ?? '', DisplayName: person.displayName },
      memberOfGroup: new Set(groups.map((group) => this.distinguishedNameOf(group.id))),
    };
  }

  #add<T extends object>(list: (T & { createdAt: Date; removedAt: Date | null })[], configured: T) {
    const added = { ...configured, createdAt: this.#clock.now(), removedAt: null };
    list.push(added);
    return added;
  }
}
