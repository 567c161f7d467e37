import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Frame, type Page } from '@playwright/test';
import { buildTabIfStale } from '../cli/build-tab.ts';
import { findChromium } from '../cli/chromium.ts';
import { foldText } from '../domain/fold-text.ts';
import { makeCertificateAuthority, makeServerCertificate } from '../sandbox/certificates.ts';
import { type Scrolled, scrollThrough, watchKey } from './browser-page.ts';
import { startChild } from './child.ts';
import type { Lists } from './lists.process.ts';
import type { ListDatabase } from './lists.ts';
import { percentile } from './measurement.ts';
import type { PostgresToMeasure } from './postgres.ts';
import { peopleInListOrder, type SeededPerson } from './seeded-people.ts';
import type { GraphToMeasure } from './simulated-graph.ts';
import { type TaskTimes, taskCategories, taskTimesOf } from './task-times.ts';

/** How the users list of a company feels in Chromium, in the built tab within the simulated Teams. */
export interface BrowserMeasurement {
  readonly database: ListDatabase;
  readonly users: number;
  /** From each key to its rows, the next key once they are there. */
  readonly typing: Typing;
  /** From the last key of a text that is typed without waiting to its rows. */
  readonly typingOn: Typing;
  readonly scroll: Scrolled;
  /** While scrolling. */
  readonly tasks: TaskTimes;
}

interface Typing {
  readonly keys: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly mostMs: number;
  /** What was typed when it took longest. */
  readonly slowest: string;
}

interface Keystroke {
  readonly text: string;
  readonly tookMs: number;
}

/** Names, an address, accents and other spellings, what everybody has, and nobody. No two begin alike. */
const searches = ['Zoë Okafor', 'Ångström 1', 'weiß', 'lindqvist.77', 'nobody like this', 'GARCÍA', 'contoso', '4711'];
const searchesTypedOn = ['Rafał Krüger', 'sørensen', 'Öztürk', 'hopper.12', 'Émile', 'tanaka', 'mei kim', 'xaver'];
const keyEveryMs = 120;
const firstRows = 5;
const rowsToScroll = 5_000;
/** Seven rows in each frame: 400 a second and more, faster than anybody reads. */
const pixelsPerFrame = 300;

/** Types into the search of a company's users, and scrolls through them. */
export async function measureBrowser(
  database: ListDatabase,
  users: number,
  simulated: GraphToMeasure,
  postgres: PostgresToMeasure,
): Promise<BrowserMeasurement> {
  await buildTabIfStale();
  await using lists = startChild<Lists>('./lists.process.ts', {
    ...simulated.environment,
    ...(await certificateOfTab(simulated.directory)),
    ...(database === 'PostgreSQL' ? { DATABASE_URL: await postgres.createDatabase() } : {}),
    DATA_DIR: join(simulated.directory, crypto.randomUUID()),
    LOG_LEVEL: 'error',
  });
  await lists.ask('seed', { users });
  const port = await lists.ask('port', undefined as never);
  const { PUBLIC_URL: tabOrigin = '', TEAMS_ORIGINS: teamsOrigin = '' } = simulated.environment;

  const program = findChromium();
  await using browser = await chromium.launch({
    ...(program ? { executablePath: program } : {}),
    args: [`--host-resolver-rules=MAP ${new URL(tabOrigin).host} 127.0.0.1:${port}`, '--ignore-certificate-errors'],
  });
  const page = await browser.newPage({ ignoreHTTPSErrors: true, viewport: { width: 1280, height: 800 } });
  await page.goto(`${teamsOrigin}/?subPageId=users`);
  await page.frameLocator('#tab').getByRole('row').nth(firstRows).waitFor({ timeout: 60_000 });
  const tab = page.frames().find((frame) => frame.url().startsWith(tabOrigin));
  if (!tab) throw new Error('The simulated Teams shows no tab');

  await browser.startTracing(page, { categories: taskCategories });
  const scroll = await tab.evaluate(scrollThrough, { rows: Math.min(rowsToScroll, users), pixelsPerFrame });
  const tasks = taskTimesOf(await browser.stopTracing());
  const typist = createTypist(page, tab, peopleInListOrder(users));
  return { database, users, ...(await typist.measure()), scroll, tasks };
}

/** The tab comes over https, as Teams wants it; this Chromium does not ask who signed that. */
async function certificateOfTab(directory: string) {
  const { certificate, key } = await makeServerCertificate(await makeCertificateAuthority(), ['localhost']);
  const paths = { TLS_CERTIFICATE_PATH: join(directory, 'tab.pem'), TLS_KEY_PATH: join(directory, 'tab.key') };
  await writeFile(paths.TLS_CERTIFICATE_PATH, certificate);
  await writeFile(paths.TLS_KEY_PATH, key, { mode: 0o600 });
  return paths;
}

function createTypist(page: Page, tab: Frame, people: readonly SeededPerson[]) {
  const box = tab.getByRole('searchbox');

  function expected(text: string) {
    const search = text.trim();
    const folded = foldText(search);
    const names: string[] = [];
    for (const person of people) {
      if (person.search.includes(folded)) names.push(person.name);
      if (names.length === firstRows) break;
    }
    return { search, names, isAsked: search !== '' };
  }

  async function press(letter: string): Promise<void> {
    if (/^[\x20-\x7e]$/.test(letter)) await page.keyboard.press(letter === ' ' ? 'Space' : letter);
    else await page.keyboard.insertText(letter);
  }

  async function measured(text: string, type: () => Promise<void>): Promise<Keystroke> {
    const watch = await tab.evaluateHandle(watchKey, expected(text));
    await type();
    return { text, tookMs: await watch.evaluate(({ painted }) => painted) };
  }

  async function clear(): Promise<void> {
    await box.click();
    await page.keyboard.press('ControlOrMeta+A');
    await measured('', () => page.keyboard.press('Delete'));
  }

  return {
    async measure(): Promise<{ typing: Typing; typingOn: Typing }> {
      const keys: Keystroke[] = [];
      for (const text of searches) {
        await box.click();
        for (const [index, letter] of [...text].entries()) {
          const typed = [...text].slice(0, index + 1).join('');
          // A space at the end asks for nothing else.
          if (letter === ' ') await press(letter);
          else keys.push(await measured(typed, () => press(letter)));
        }
        await clear();
      }
      const texts: Keystroke[] = [];
      for (const text of searchesTypedOn) {
        await box.click();
        const letters = [...text];
        for (const letter of letters.slice(0, -1)) {
          await press(letter);
          await sleep(keyEveryMs);
        }
        texts.push(await measured(text, () => press(letters.at(-1) ?? '')));
        await clear();
      }
      return { typing: typingOf(keys), typingOn: typingOf(texts) };
    },
  };
}

function typingOf(strokes: readonly Keystroke[]): Typing {
  const times = strokes.map(({ tookMs }) => tookMs);
  const percentileOf = (share: number) => percentile(times, share) ?? 0;
  const mostMs = percentileOf(1);
  return {
    keys: times.length,
    p50Ms: percentileOf(0.5),
    p95Ms: percentileOf(0.95),
    mostMs,
    slowest: strokes.find(({ tookMs }) => tookMs === mostMs)?.text ?? '',
  };
}
