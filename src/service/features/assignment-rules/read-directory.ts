import type { AssignmentProblem } from '../../../domain/assignment-rules/rule-problem.ts';
import { groupPermission } from '../../../domain/consent/permission-set.ts';
import type { GroupId, TenantId } from '../../../domain/ids.ts';
import type { Clock } from '../../clock.ts';
import type { AppTokens } from '../../entra/app-tokens.ts';
import type { Applications } from '../../entra/applications.ts';
import type { TokenProblem } from '../../entra/token-outcome.ts';
import type { GraphClient } from '../../graph/client.ts';
import { readTransitiveMembers } from '../../graph/transitive-members.ts';
import { type ChangedPerson, readUsersDeltaPage, usersDeltaPath } from '../../graph/users-delta.ts';
import type { DirectoryMirror } from './directory-mirror.store.ts';
import type { RuleReader } from './rule-readers.store.ts';

interface Dependencies {
  readonly mirror: DirectoryMirror;
  readonly applications: Pick<Applications, 'tokensOf'>;
  readonly graph: GraphClient;
  readonly clock: Clock;
}

/** Changes that are stored together, with the link that follows them. */
const mostUnsaved = 2_000;
/** A directory has an end; links that lead in a circle have none. */
const mostPages = 20_000;

/**
 * Brings the mirror of the directory in step: people by what changed, and everybody in the groups of the rules. People
 * are the same for every application, so the first of the readers that may read them does; a group is read by its own
 * reader alone. One that cannot be read leaves its problem and keeps who was in it.
 * @returns why people could not be read; undefined when all is known
 * @throws the signal's reason when aborted; what was stored until then is gone on from
 */
export async function readDirectory(
  { mirror, applications, graph, clock }: Dependencies,
  tenantId: TenantId,
  readers: readonly RuleReader[],
  signal: AbortSignal,
): Promise<AssignmentProblem | undefined> {
  const problem = await readPeopleByOne();
  if (problem) return problem;
  for (const { registration, groupIds } of readers) {
    const tokens = applications.tokensOf(registration);
    if (groupIds.length > 0) await renewIfLacking(tokens, groupPermission);
    for (const groupId of groupIds) {
      const groupProblem = await readGroup(tokens, groupId);
      if (groupProblem) await mirror.saveGroupProblem(tenantId, groupId, groupProblem);
    }
  }
  await mirror.forgetOtherGroups(tenantId);
  return undefined;

  async function readPeopleByOne(): Promise<AssignmentProblem | undefined> {
    let first: AssignmentProblem | undefined;
    for (const { registration } of readers) {
      const tokens = applications.tokensOf(registration);
      await renewIfLacking(tokens, 'User.Read.All');
      const found = await readPeople(tokens);
      if (!found) return undefined;
      first ??= found;
    }
    return first;
  }

  /** Only a new token shows what was granted since. */
  async function renewIfLacking(tokens: AppTokens, permission: string): Promise<void> {
    const known = await tokens.get(tenantId);
    if (known.kind === 'token' && known.roles && !known.roles.includes(permission)) await tokens.refresh(tenantId);
  }

  async function readGroup(tokens: AppTokens, id: GroupId): Promise<AssignmentProblem | undefined> {
    const outcome = await tokens.get(tenantId);
    if (outcome.kind === 'refused') return problemOfToken(outcome.problem);
    const members = await readTransitiveMembers(graph, clock, { id, token: outcome.token, signal });
    if (members.kind !== 'read') return `group_${members.kind}`;
    await mirror.saveGroup(tenantId, id, members.userIds);
    return undefined;
  }

  async function readPeople(tokens: AppTokens): Promise<AssignmentProblem | undefined> {
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
  if (problem === 'registration_not_configured') return problem;
  return problem === 'application_unknown' || problem === 'application_disabled'
    ? 'application_shut_out'
    : 'token_unavailable';
}
