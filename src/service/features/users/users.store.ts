import { createUserChanges, type UserChangeDependencies, type UserChanges } from './user-changes.store.ts';
import { createUserDetails, type UserDetailsReader } from './user-details.store.ts';
import { createUserLists, type UserLists } from './user-lists.store.ts';

/** The users of a tenant. */
export interface UserStore extends UserLists, UserDetailsReader, UserChanges {}

export function createUserStore(dependencies: UserChangeDependencies): UserStore {
  return {
    ...createUserLists(dependencies.db),
    ...createUserDetails(dependencies.db),
    ...createUserChanges(dependencies),
  };
}
