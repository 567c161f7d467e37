import { createUserChanges, type UserChangeDependencies, type UserChanges } from './user-changes.store.ts';
import { createUserDetails, type UserDetailsReader } from './user-details.store.ts';
import { createUserExports, type UserExports } from './user-exports.store.ts';
import { createUserLists, type UserLists } from './user-lists.store.ts';

/** The users of a tenant. */
export interface UserStore extends UserLists, UserDetailsReader, UserChanges, UserExports {}

export function createUserStore(dependencies: UserChangeDependencies): UserStore {
  return {
    ...createUserLists(dependencies.db),
    ...createUserDetails(dependencies.db),
    ...createUserChanges(dependencies),
    ...createUserExports(dependencies),
  };
}
