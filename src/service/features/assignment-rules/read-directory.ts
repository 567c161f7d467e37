import type { AssignmentRule } from '../../../domain/assignment-rules/rule.ts';
import type { AssignmentProblem } from '../../../domain/assignment-rules/rule-problem.ts';
import { groupPermission } from '../../../domain/consent/permission-set.ts';
import type { TenantId } from '../../../domain/ids.ts';
import type { Clock } from '../../clock.ts';
import type { AppTokens } from '../../entra/app-tokens.ts';
import type { TokenProblem } from '../../entra/token-outcome.ts';
import type { GraphClient } from '../../graph/client.ts';
import { readTransitiveMembers } from '../../graph/transitive-members.ts';
import { type ChangedPerson, readUsersDeltaPage, usersDeltaPath } from '../../graph/users-delta.ts';
import type { DirectoryMirror } from './directory-mirror.store.ts';

interface Dependencies {
  readonly mirror: DirectoryMirror;
  readonly tokens: AppTokens;
  readonly graph: GraphClient;
  readonly clock: Clock;
}

/** Changes that are stored together, with the link that follows them. */
const mostUnsaved = 2_000;
/** A directory has an end; links that lead in a circle have none. */
const mostPages = 20_000;

/**
 * Brings the mirror of the directory in step: people by what changed, and everybody in the groups of the rules. A group
 * that cannot be read leaves its problem and keeps who was in it.
 * @returns why people could not be read; undefined when all is known
 * @throws the signal's reason when aborted; what was stored until then is gone on from
 */
export async function readDirectory(
  { mirror, tokens, graph, clock }: Dependencies,
  tenantId: TenantId,
  rules: readonly AssignmentRule[],
  signal: AbortSignal,
): Promise<AssignmentProblem | undefined> {
  const groupIds = rules.flatMap(({ condition }) => (condition.kind === 'group' ? [condition.groupId] : []));
  const needed = ['User.Read.All', ...(groupIds.length > 0 ? [groupPermission] : [])];
  const known = await tokens.get(tenantId);
  // Only a new token shows what was granted since.
  const isLacking = known.kind === 'token' && needed.some((one) => known.roles && !known.roles.includes(one));
  const first = isLacking ? await tokens.refresh(tenantId) : known;
  if (first.kind === 'refused') return problemOfToken(first.problem);

  const problem = await readPeople();
  if (problem) return problem;
  for (const groupId of groupIds) {
    const outcome = await tokens.get(tenantId);
    if (outcome.kind === 'refused') return problemOfToken(outcome.problem);
    const members = await readTransitiveMembers(graph, clock, { id: groupId, token: outcome.token, signal });
    if (members.kind === 'read') await mirror.saveGroup(tenantId, groupId, members.userIds);
    else await mirror.saveGroupProblem(tenantId, groupId, `group_${members.kind}`);
  }
  await mirror.forgetOtherGroups(tenantId);
  return undefined;

  async function readPeople(): Promise<AssignmentProblem | undefined> {
    let position = await mirror.position(tenantId);
    let unsaved: ChangedPerson[] = [];
    let hasBegunAnew = false;
    for (let pages = 0; pages < mostPages; pages++) {
      const outcome = await tokens.get(tenantId);
      if (outcome.kind === 'refused') return problemOfToken(outcome.problem);
      const url = position.link ?? usersDeltaPath;
      const page = await readUsersDeltaPage(graph, clock, { url, token: outcome.token, signal });
      if (page.kind === 'expired') {
        if (hasBegunAnew) return 'directory_unreadable';
        hasBegunAnew = true;
        unsaved = [];
        position = await mirror.beginAnew(tenantId);
        continue;
      }
      if (page.kind !== 'read') return `directory_${page.kind}`;
      unsaved.push(...page.people);
      position = { ...position, link: page.link };
      if (unsaved.length >= mostUnsaved || page.isLast) {
        await mirror.save(tenantId, position, unsaved);
        unsaved = [];
      }
      if (page.isLast) {
        await mirror.finish(tenantId, position);
        return undefined;
      }
    }
    return 'directory_unreadable';
  }
}

function problemOfToken(problem: TokenProblem): AssignmentProblem {
  return problem === 'application_unknown' || problem === 'application_disabled'
    ? 'application_shut_out'
    : 'token_unavailable';
}
