import { describe, expect, test } from 'vitest';
import type { GroupId, UserId } from '../../domain/ids.ts';
import { systemClock } from '../clock.ts';
import { createMetrics } from '../metrics.ts';
import { createGraphClient, type GraphClient } from './client.ts';
import { readDelta } from './delta.ts';
import { readTransitiveMembers } from './transitive-members.ts';
import { readUsers } from './users.ts';

const id = '47378190-96da-4dac-b2ff-5d2a386ecbe0';
const root = 'https://graph.microsoft.com/v1.0';
const asking = { token: 't', signal: new AbortController().signal };

/** Always one more page, behind a link that was never seen. */
function endless() {
  let pages = 0;
  const graph: GraphClient = {
    isOwnLink: () => true,
    async send() {
      pages += 1;
      const value = [{ '@odata.type': '#microsoft.graph.user', id, userPrincipalName: 'a@contoso.example' }];
      return { status: 200, headers: {}, body: { value, '@odata.nextLink': `${root}/users?$skiptoken=${pages}` } };
    },
  };
  return { graph, pages: () => pages };
}

describe('fault 130: pages without an end end the reading, and half a list is none', () => {
  test('everybody', async () => {
    const { graph, pages } = endless();
    expect(await readUsers(graph, systemClock, asking)).toEqual({ kind: 'refused', answer: { kind: 'unexpected' } });
    expect(pages()).toBe(1_000);
  });

  test('changes of a folder', async () => {
    const { graph, pages } = endless();
    const request = {
      ...asking,
      mailbox: id as UserId,
      url: `/users/${id}/mailFolders/inbox/messages/delta`,
      pageSize: 1,
    };
    expect(await readDelta(graph, systemClock, request)).toEqual({ kind: 'refused', answer: { kind: 'unexpected' } });
    expect(pages()).toBe(5_000);
  });

  test('members of a group', async () => {
    const { graph, pages } = endless();
    const outcome = await readTransitiveMembers(graph, systemClock, { id: id as GroupId, ...asking });
    expect(outcome).toMatchObject({ kind: 'unreadable' });
    expect(pages()).toBe(1_000);
  });
});

test.each([
  ['another host', 'https://graph.microsoft.com.evil.example/v1.0/users', false],
  ['another host before an @', 'https://graph.microsoft.com@evil.example/v1.0/users', false],
  ['a user name', 'https://me@graph.microsoft.com/v1.0/users', false],
  ['another port', 'https://graph.microsoft.com:8443/v1.0/users', false],
  ['without https', 'http://graph.microsoft.com/v1.0/users', false],
  ['another version', 'https://graph.microsoft.com/beta/users', false],
  ['out of the version', 'https://graph.microsoft.com/v1.0/../beta/users', false],
  ['no address', 'users?$skiptoken=1', false],
  ['its own', `${root}/users?$skiptoken=1`, true],
])('fault 130: a link that leads to %s', (_where, link, isOwn) => {
  const fetch = async () => ({ status: 500, headers: {}, text: '' });
  const client = createGraphClient({
    fetch,
    graphEndpoint: 'https://graph.microsoft.com',
    version: 'test',
    metrics: createMetrics(),
  });
  expect(client.isOwnLink(link)).toBe(isOwn);
});
