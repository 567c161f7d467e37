import { app } from '@microsoft/teams-js';
import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { service } from '../testing/service.ts';
import { connectHost } from './connect-host.ts';
import { followTeamsTheme } from './teams-theme.ts';

const origin = 'https://teams.example';

/** What Teams answers, by the name of the call; a call without an answer stays open. */
type Answers = Readonly<Record<string, readonly unknown[]>>;

const context = {
  theme: 'dark',
  locale: 'de-de',
  userObjectId: 'u1',
  tid: 't1',
  subEntityId: 'users',
  hostName: 'Teams',
};
const runtime = (supports: object, isNAAChannelRecommended: boolean) =>
  JSON.stringify({ apiVersion: 4, isLegacyTeams: false, isNAAChannelRecommended, supports });

beforeEach(() => {
  // teams-js asks Microsoft for its list of hosts; without it, the built-in list and ours count.
  service.use(http.get('https://res.cdn.office.net/*', () => HttpResponse.error()));
});
afterEach(() => {
  vi.useRealTimers();
  // teams-js starts once per page; each test is a page of its own.
  app._uninitialize();
  vi.restoreAllMocks();
});

/** Puts the page into a frame whose owner answers as told, from an origin. */
function frameIn(answers: Answers, from = origin): string[] {
  const asked: string[] = [];
  const parent = {
    postMessage(message: { id: number; uuidAsString: string; func: string }) {
      asked.push(message.func);
      const args = answers[message.func];
      if (!args) return;
      const data = { id: message.id, uuidAsString: message.uuidAsString, args };
      queueMicrotask(() => {
        const event = new MessageEvent('message', { data, origin: from });
        Object.defineProperty(event, 'source', { value: parent });
        window.dispatchEvent(event);
      });
    },
  };
  vi.spyOn(window, 'parent', 'get').mockReturnValue(parent as unknown as Window);
  return asked;
}

const connect = () => connectHost([origin]);

test('without a parent the page is in a plain browser, at once', async () => {
  expect(await connect()).toEqual({ kind: 'browser' });
});

test('Teams tells theme, locale, person and where a link points', async () => {
  const asked = frameIn({
    initialize: ['content', 'web', '2.0.1', runtime({ app: {} }, false)],
    getContext: [context],
  });
  expect(await connect()).toMatchObject({
    kind: 'teams',
    theme: 'dark',
    locale: 'de-de',
    userId: 'u1',
    tenantId: 't1',
    subPageId: 'users',
    nestedAuth: { isRecommended: false, hasBridge: false },
  });
  expect(asked).toContain('appInitialization.appLoaded');
});

test('a theme Teams may add later is shown as light', async () => {
  frameIn({
    initialize: ['content', 'web', '2.0.1', runtime({ app: {} }, false)],
    getContext: [{ ...context, theme: 'glass' }],
  });
  expect(await connect()).toMatchObject({ theme: 'default' });
});

test('a theme chosen after Teams told the first one, and before the page listens, is shown', async () => {
  const answers = {
    initialize: ['content', 'web', '2.0.1', runtime({ app: {} }, false)],
    getContext: [{ ...context, theme: 'default' }],
  };
  frameIn(answers);
  expect(await connect()).toMatchObject({ theme: 'default' });
  answers.getContext = [context];
  const onTheme = vi.fn();
  followTeamsTheme(onTheme);
  await vi.waitFor(() => expect(onTheme).toHaveBeenLastCalledWith('dark'));
});

test('a host that never answers is given up within 5 s (fault 25)', async () => {
  vi.useFakeTimers();
  frameIn({});
  const connecting = connect();
  await vi.advanceTimersByTimeAsync(4_900);
  expect(await connecting).toMatchObject({ kind: 'silent', technical: expect.stringContaining('within 4 s') });
});

test('a foreign page that answers like Teams is not believed (fault 92)', async () => {
  vi.useFakeTimers();
  frameIn(
    { initialize: ['content', 'web', '2.0.1', runtime({ app: {} }, false)], getContext: [context] },
    'https://evil.example',
  );
  const connecting = connect();
  await vi.advanceTimersByTimeAsync(4_900);
  expect(await connecting).toMatchObject({ kind: 'silent' });
});
