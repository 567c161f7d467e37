import { readdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const sources = ['src/tab', 'src/contract', 'src/domain', 'public', 'vite.config.ts', 'package-lock.json'];
const result = 'dist/tab/.vite/manifest.json';

/** Builds the tab into `dist/tab` unless what is there is newer than every source. */
export async function buildTabIfStale(): Promise<void> {
  const builtAt = await changedAt(new URL(result, root));
  const changes = await Promise.all(sources.map((source) => newestChange(new URL(source, root))));
  if (builtAt > Math.max(...changes)) return;
  const { build } = await import('vite');
  // Vite sets NODE_ENV to production for its own work, and for us it decides which clouds are accepted.
  const { NODE_ENV } = process.env;
  await build({ configFile: fileURLToPath(new URL('vite.config.ts', root)), logLevel: 'warn' });
  if (NODE_ENV === undefined) delete process.env.NODE_ENV;
  else process.env.NODE_ENV = NODE_ENV;
}

async function newestChange(path: URL): Promise<number> {
  const status = await stat(path);
  if (!status.isDirectory()) return status.mtimeMs;
  const names = await readdir(path);
  const changes = await Promise.all(names.map((name) => newestChange(new URL(`${path.href}/${name}`))));
  return Math.max(status.mtimeMs, ...changes);
}

async function changedAt(path: URL): Promise<number> {
  return stat(path).then(
    (status) => status.mtimeMs,
    () => 0,
  );
}
