import { expect, test } from 'vitest';
import type { GroupId } from '../../domain/ids.ts';
import type { Clock } from '../clock.ts';
import type { GraphClient } from './client.ts';
import type { GraphAnswer } from './error.ts';
import { readGroupTree } from './groups.ts';

const [outer, inner, person] = ['1', '2', '3'].map((digit) => `${digit.repeat(8)}-0000-4000-8000-000000000000`);
const ok = (body: unknown): GraphAnswer => ({ status: 200, headers: {}, body });
const refusal = (status: number): GraphAnswer => ({ status, headers: { 'retry-after': '1' }, body: {} });
const member = (type: string, id: string | undefined) => ({ '@odata.type': `#microsoft.graph.${type}`, id });

/** A group with a person and a group in it; answers in the order in which they are asked for, the last one over and over. */
function read(answers: Partial<Record<'inner' | 'innerMembers', readonly GraphAnswer[]>>) {
  const left = { inner: [...(answers.inner ?? [])], innerMembers: [...(answers.innerMembers ?? [])] };
  const nextOf = (list: GraphAnswer[], usual: GraphAnswer) => (list.length > 1 ? list.shift() : list[0]) ?? usual;
  const graph: GraphClient = {
    isOwnLink: () => true,
    async send({ url }) {
      if (url.startsWith(`/groups/${outer}/members`))
        return ok({ value: [member('group', inner), member('user', person)] });
      if (url.startsWith(`/groups/${inner}/members`)) return nextOf(left.innerMembers, ok({ value: [] }));
      if (url.startsWith(`/groups/${inner}`)) return nextOf(left.inner, ok({ id: inner, displayName: 'Inner' }));
      return ok({ id: outer, displayName: 'Outer' });
    },
  };
  const clock: Clock = { now: () => new Date(0), monotonicMs: () => 0, wait: async () => {} };
  return readGroupTree(graph, clock, { id: outer as GroupId, token: 't' });
}

test('a tree is read although a page of it is throttled, lost or refused for a moment', async () => {
  const tree = await read({
    inner: [refusal(503), ok({ id: inner, displayName: 'Inner' })],
    innerMembers: [refusal(429), refusal(500), ok({ value: [member('user', person)] })],
  });
  expect(tree).toMatchObject({ kind: 'read', groups: [{ id: outer }, { id: inner, memberIds: [person] }] });
});

test('a nested group that was deleted meanwhile holds nobody', async () => {
  expect(await read({ inner: [refusal(404)] })).toMatchObject({ kind: 'read', groups: [{ id: outer }] });
});

test('a nested group that stays closed makes the tree unavailable: signing in again would not help', async () => {
  expect(await read({ inner: [refusal(403)] })).toEqual({ kind: 'unavailable' });
});
