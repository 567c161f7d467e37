import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Context, Hono } from 'hono';
import { type TabConfiguration, tabConfigurationElementId } from '../../contract/tab-configuration.ts';
import type { Cloud } from '../cloud.ts';
import type { AppEnvironment } from './api.ts';
import { dataPolicy, popupPolicy, tabPolicy } from './content-security-policy.ts';

interface Options {
  /** Where the built tab is, such as `dist/tab`. */
  readonly directory: string;
  readonly cloud: Cloud;
  readonly configuration: TabConfiguration;
}

/** Addresses of the tab itself: one page, which routes in the browser. */
const tabPaths = [
  '/',
  '/overview',
  '/organizations',
  '/organizations/*',
  '/users',
  '/users/*',
  '/connectivity',
  '/connectivity/*',
  '/leaving-ews',
  '/activity',
];

/** Pages beside the tab: file without `.html`, addresses, and whether Teams frames it. */
const pages = [
  { file: 'index', paths: tabPaths, isFramed: true },
  { file: 'configure', paths: ['/configure'], isFramed: true },
  { file: 'consent-end', paths: ['/consent/end', '/consent-end'], isFramed: false },
  { file: 'sign-in-redirect', paths: ['/sign-in-redirect'], isFramed: false },
];

// Compressed once, at the first request. The default of 11 would stop the process for a second; 5 is as small as gzip 9.
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
};

/** Serves the built tab: pages with their configuration written in, and files. Nothing outside the directory is read. */
export function mountTabPages(app: Hono<AppEnvironment>, { directory, cloud, configuration }: Options): void {
  for (const { file, paths, isFramed } of [...pages, ...plainPages(directory)]) {
    const policy = isFramed ? tabPolicy(cloud) : popupPolicy(cloud);
    const html = readPage(join(directory, `${file}.html`), configuration);
    for (const path of paths) {
      app.get(path, (context) => {
        context.header('content-security-policy', policy);
        context.header('cache-control', 'no-cache');
        if (html === undefined) return context.text('The tab is not built: run `npm run build`.', 503);
        return context.html(html);
      });
    }
  }

  // The list is read once: an address can only name what was there at the start.
  for (const path of filesIn(directory)) {
    const serve = fileResponse(join(directory, path), path);
    app.get(`/${path}`, serve);
  }
}

/** Pages that nobody routes to, such as the terms of use. */
function plainPages(directory: string) {
  if (!existsSync(directory)) return [];
  const known = pages.map(({ file }) => file);
  return readdirSync(directory)
    .filter((name) => name.endsWith('.html') && !known.includes(name.slice(0, -'.html'.length)))
    .map((name) => name.slice(0, -'.html'.length))
    .map((file) => ({ file, paths: [`/${file}`, `/${file}.html`], isFramed: false }));
}

function readPage(path: string, configuration: TabConfiguration): string | undefined {
  if (!existsSync(path)) return undefined;
  const placeholder = new RegExp(`(<script[^>]*\\bid="${tabConfigurationElementId}"[^>]*>)[^<]*(</script>)`);
  // `<` cannot end the script element, whatever a value holds.
  const json = JSON.stringify(configuration).replaceAll('<', '\\u003c');
  return readFileSync(path, 'utf8').replace(
    placeholder,
    (_all, open: string, close: string) => `${open}${json}${close}`,
  );
}

function filesIn(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length).replaceAll('\\', '/').replace(/^\//, ''))
    .filter(
      (path) =>
        !path.endsWith('.html') && !path.endsWith('.map') && !path.split('/').some((part) => part.startsWith('.')),
    );
}

function fileResponse(file: string, path: string): (context: Context) => Response {
  const type = contentTypes[extname(path)] ?? 'application/octet-stream';
  const isHashed = path.startsWith('assets/');
  const isText = /text|json|svg/.test(type);
  const raw = readFileSync(file);
  const etag = `"${createHash('sha256').update(raw).digest('base64url').slice(0, 22)}"`;
  const encoded = new Map<string, Buffer>();

  function encode(encoding: 'br' | 'gzip'): Buffer {
    const known = encoded.get(encoding);
    if (known) return known;
    const bytes = encoding === 'br' ? brotliCompressSync(raw, brotliOptions) : gzipSync(raw);
    encoded.set(encoding, bytes);
    return bytes;
  }

  return (context) => {
    const headers: Record<string, string> = {
      'content-type': type,
      'cache-control': isHashed ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
      'content-security-policy': dataPolicy,
      etag,
      vary: 'accept-encoding',
    };
    if (context.req.header('if-none-match') === etag) return new Response(null, { status: 304, headers });
    const accepted = context.req.header('accept-encoding') ?? '';
    const encoding = isText ? (['br', 'gzip'] as const).find((one) => accepted.includes(one)) : undefined;
    if (encoding) headers['content-encoding'] = encoding;
    return new Response(new Uint8Array(encoding ? encode(encoding) : raw), { headers });
  };
}
