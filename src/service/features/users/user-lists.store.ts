import type { AccessCounts } from '../../../contract/access-counts.ts';
import type { User, UserFacet, UserFacetCounts, UserFilter } from '../../../contract/users.ts';
import type { TenantId } from '../../../domain/ids.ts';
import { accessCountsOf } from '../../db/access-counts.ts';
import type { Db } from '../../db/schema.ts';
import { isOfUser } from '../../db/user-filter.ts';
import { countConnections, countMailboxStates, countMatches, countSwitches, sumTallies } from './user-numbers.ts';
import { readPage, type UserPage } from './user-pages.ts';

type UserScope = Omit<UserFilter, 'status'>;

interface ListedUsers {
  readonly users: User[];
  readonly nextCursor: string | null;
  /** Whatever the status filter; null where too many match to count them in the time that a page may take. */
  readonly counts: AccessCounts | null;
}

/** Users page by page, and how many have which verdict. */
export interface UserLists {
  list(tenantId: TenantId, filter: UserFilter, page: UserPage): Promise<ListedUsers>;
  /** However many they are. */
  counts(tenantId: TenantId, filter: UserScope): Promise<AccessCounts>;
  /** How many each choice of one filter would leave, the others standing. Counted one by one, for a menu that is opened. */
  facetCounts(tenantId: TenantId, facet: UserFacet, filter: UserFilter): Promise<UserFacetCounts>;
}

export function createUserLists(db: Db): UserLists {
  return {
    async list(tenantId, filter, page) {
      // Side by side: the embedded database has one connection, and each turn may wait for a transaction of a check.
      const [{ numbers = null, ...listed }, sums] = await Promise.all([
        readPage(db, tenantId, filter, page),
        isOfUser(filter) ? null : sumTallies(db, tenantId, filter),
      ]);
      const counts = sums ?? numbers;
      return { ...listed, counts: counts && accessCountsOf(counts) };
    },

    async counts(tenantId, filter) {
      const numbers = await (isOfUser(filter) ? countMatches : sumTallies)(db, tenantId, filter);
      return accessCountsOf(numbers);
    },

    async facetCounts(tenantId, facet, filter) {
      if (facet === 'connection') return { facet, counts: await countConnections(db, tenantId, filter) };
      if (facet === 'mailboxState') return { facet, counts: await countMailboxStates(db, tenantId, filter) };
      return { facet, counts: await countSwitches(db, tenantId, filter) };
    },
  };
}
