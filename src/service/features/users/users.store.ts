import { createUserChanges, type UserChangeDependencies, type UserChanges } from './user-changes.store.ts';
import { createUserDetails, type UserDetailsReader } from './user-details.store.ts';
import { createUserExports, type UserExports } from './user-exports.store.ts';
import { createUserHistory, type UserHistoryReader } from './user-history.store.ts';
import { createUserLists, type UserLists } from './user-lists.store.ts';

/** The users of a tenant. */
export interface UserStore extends UserLists, UserDetailsReader, UserHistoryReader, UserChanges, UserExports {}

export function createUserStore(dependencies: UserChangeDependencies): UserStore {
  return {
    ...createUserLists(dependencies.db),
    ...createUserDetails(dependencies.db),
    ...createUserHistory(dependencies.db),
    ...createUserChanges(dependencies),
    ...createUserExports(dependencies),
  };
}
