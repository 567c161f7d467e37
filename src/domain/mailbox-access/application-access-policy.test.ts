import { expect, test } from 'vitest';
import type { AppId, GroupId } from '../ids.ts';
import { type ApplicationAccessPolicy, decideByPolicies } from './application-access-policy.ts';

const app = 'our application' as AppId;
const other = 'another application' as AppId;
const [sales, board, interns] = ['sales', 'board', 'interns'] as unknown as [GroupId, GroupId, GroupId];

const restrict = (scopeGroupId: GroupId, appId = app): ApplicationAccessPolicy => ({
  appId,
  accessRight: 'RestrictAccess',
  scopeGroupId,
});
const deny = (scopeGroupId: GroupId, appId = app): ApplicationAccessPolicy => ({
  ...restrict(scopeGroupId, appId),
  accessRight: 'DenyAccess',
});

// The table of Exchange's evaluation: policies of the application × where the mailbox is.
test.each<[string, ApplicationAccessPolicy[], GroupId[], boolean, string]>([
  ['no policy, in a group', [], [sales], true, 'no_policy'],
  ['no policy, in none', [], [], true, 'no_policy'],
  ['restrict only, inside', [restrict(sales)], [sales], true, 'inside_restrict_scope'],
  ['restrict only, outside', [restrict(sales)], [interns], false, 'outside_restrict_scope'],
  ['restrict only, in no group', [restrict(sales)], [], false, 'outside_restrict_scope'],
  ['several restricts, in one of them', [restrict(sales), restrict(board)], [board], true, 'inside_restrict_scope'],
  ['several restricts, in none', [restrict(sales), restrict(board)], [interns], false, 'outside_restrict_scope'],
  ['deny only, inside', [deny(board)], [board], false, 'inside_deny_scope'],
  ['deny only, outside', [deny(board)], [sales], true, 'no_restrict_policy'],
  ['restrict and deny, in the restrict group', [restrict(sales), deny(board)], [sales], true, 'inside_restrict_scope'],
  ['restrict and deny, in the deny group', [restrict(sales), deny(board)], [board], false, 'inside_deny_scope'],
  ['restrict and deny, in both', [restrict(sales), deny(board)], [sales, board], false, 'inside_deny_scope'],
  ['restrict and deny, in neither', [restrict(sales), deny(board)], [interns], false, 'outside_restrict_scope'],
  ['policies of another application', [restrict(sales, other), deny(board, other)], [board], true, 'no_policy'],
])('%s', (_, policies, groups, allows, because) => {
  expect(decideByPolicies(app, new Set(groups), policies)).toEqual({ allows, because });
});
