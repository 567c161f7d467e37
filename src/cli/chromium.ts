import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const usualPlaces: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/microsoft-edge',
    '/snap/bin/chromium',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

/** Playwright's own downloads: `<cache>/chromium-<build>/<folder>/<program>`. */
const playwrightCaches: Partial<Record<NodeJS.Platform, string>> = {
  linux: join(homedir(), '.cache', 'ms-playwright'),
  darwin: join(homedir(), 'Library', 'Caches', 'ms-playwright'),
  win32: join(homedir(), 'AppData', 'Local', 'ms-playwright'),
};
const playwrightPrograms = [
  'chrome-linux64/chrome',
  'chrome-linux/chrome',
  'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
  'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  'chrome-win64/chrome.exe',
  'chrome-win/chrome.exe',
];

/** The program of a Chromium or Chrome: `CHROMIUM_PATH`, the usual places, Playwright's cache; else `undefined`. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const candidates = [
    environment.CHROMIUM_PATH,
    ...(usualPlaces[process.platform] ?? []),
    ...inPlaywrightCache(environment.PLAYWRIGHT_BROWSERS_PATH ?? playwrightCaches[process.platform]),
  ];
  return candidates.find((path) => path && existsSync(path));
}

function inPlaywrightCache(cache: string | undefined): string[] {
  if (!cache || !existsSync(cache)) return [];
  const builds = readdirSync(cache).filter((name) => /^chromium-\d+$/.test(name));
  // The newest build first: names end in a growing number.
  builds.sort((a, b) => Number(b.slice('chromium-'.length)) - Number(a.slice('chromium-'.length)));
  return builds.flatMap((build) => playwrightPrograms.map((program) => join(cache, build, program)));
}
