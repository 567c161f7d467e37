import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCertificateAuthority, makeServerCertificate } from '../../src/sandbox/certificates.ts';
import { createGraphClient, type GraphClient } from '../../src/service/graph/client.ts';
import { createMetrics } from '../../src/service/metrics.ts';
import {
  type BoundedFetch,
  createBoundedFetch,
  createDispatcher,
  Unreachable,
} from '../../src/service/outbound/bounded-fetch.ts';

// A server that misbehaves on the wire itself, below what the simulated tenant can.

const json = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

/** What is written to whoever asks for the path; an open end is left open. */
const answers: Readonly<Record<string, (socket: NodeJS.WritableStream & { destroy(): void }) => void>> = {
  '/v1.0/fine': (socket) => void socket.write(`${json}content-length: 2\r\n\r\n{}`),
  '/v1.0/cut': (socket) => {
    socket.write(`${json}content-length: 40\r\n\r\n{"value":[]}`);
    socket.destroy();
  },
  '/v1.0/chunk-missing': (socket) => {
    socket.write(`${json}transfer-encoding: chunked\r\n\r\nc\r\n{"value":[]}\r\n`);
    socket.destroy();
  },
  '/v1.0/gzip-cut': (socket) => {
    const body = gzipSync('{"value":[]}').subarray(0, 15);
    socket.write(`${json}content-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`);
    socket.write(body);
  },
  '/v1.0/reset': (socket) => socket.destroy(),
  '/v1.0/silence': () => {},
  '/v1.0/endless-headers': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    trickle(socket, 'x-more: y\r\n');
  },
  '/v1.0/drip': (socket) => {
    socket.write(`${json}content-length: 1000000\r\n\r\n`);
    trickle(socket, ' ');
  },
  '/v1.0/large': (socket) => {
    socket.write(`${json}content-length: ${100 * 1024 * 1024}\r\n\r\n`);
    const piece = Buffer.alloc(1024 * 1024, 32);
    const more = () => {
      while (socket.writable && socket.write(piece));
    };
    socket.on('drain', more);
    more();
  },
  '/v1.0/invalid-utf-8': (socket) => {
    socket.write(`${json}content-length: 5\r\n\r\n`);
    socket.write(Buffer.from([0x22, 0xff, 0xfe, 0x22, 0x7d]));
  },
  '/v1.0/elsewhere': (socket) =>
    void socket.write('HTTP/1.1 302 Found\r\nlocation: https://evil.example/\r\ncontent-length: 0\r\n\r\n'),
};

function trickle(socket: NodeJS.WritableStream, piece: string): void {
  const timer = setInterval(() => (socket.writable ? socket.write(piece) : clearInterval(timer)), 20);
  socket.on('close', () => clearInterval(timer));
}

let server: Server;
let graph: GraphClient;
let fetch: BoundedFetch;
let origin: string;
const sockets = new Set<TLSSocket>();
let closeClient: () => Promise<void>;

beforeAll(async () => {
  const authority = await makeCertificateAuthority();
  const { certificate, key } = await makeServerCertificate(authority, ['localhost']);
  server = createServer({ cert: certificate, key }, (request) => {
    request.resume();
    answers[request.url ?? '']?.(request.socket);
  });
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  const dispatcher = createDispatcher(authority.certificate);
  fetch = createBoundedFetch(dispatcher);
  graph = createGraphClient({ fetch, graphEndpoint: origin, version: 'test', metrics: createMetrics() });
  closeClient = () => dispatcher.destroy();
});

afterAll(async () => {
  await closeClient();
  server.closeAllConnections();
  server.close();
});

const ask = (path: string) => graph.send({ url: path, token: 'a' });
const bounded = (path: string, deadlineMs: number) =>
  fetch(`${origin}${path}`, { deadlineMs, maxBytes: 1_000_000 }).then(
    () => 'answered',
    (error: unknown) => (error instanceof Unreachable ? 'unreachable' : 'other'),
  );

describe('no whole answer is no answer', () => {
  test.each([
    ['fault 124: a reset before the answer', '/reset'],
    ['fault 126: a body that is shorter than announced', '/cut'],
    ['fault 126: a chunk that is missing', '/chunk-missing'],
    ['fault 127: a hundred megabytes', '/large'],
  ])('%s', async (_name, path) => {
    expect(await ask(path)).toBeUndefined();
  });

  test.each([
    ['fault 126: half of a compressed body', '/gzip-cut'],
    ['fault 127: bytes that are no text', '/invalid-utf-8'],
  ])('%s is an answer without a body that could be believed', async (_name, path) => {
    expect(await ask(path)).toMatchObject({ status: 200, body: undefined });
  });
});

test('fault 124: nobody listens, and no such name', async () => {
  const free = createSocketServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  const outcomes = await Promise.all(
    [`https://localhost:${port}/`, 'https://no-such-host.invalid/'].map((url) =>
      fetch(url, { deadlineMs: 5_000, maxBytes: 10 }).catch((error: unknown) => error),
    ),
  );

  expect(outcomes.map((outcome) => outcome instanceof Unreachable)).toEqual([true, true]);
});

describe('who is not waited for any more gets the reason, and sends nothing more', () => {
  const reason = new Error('not wanted any more');
  const askUntil = (path: string, signal: AbortSignal) =>
    fetch(`${origin}${path}`, { deadlineMs: 60_000, maxBytes: 1_000_000, signal }).catch((error: unknown) => error);

  test.each(['/v1.0/silence', '/v1.0/endless-headers', '/v1.0/drip'])('%s', async (path) => {
    const abort = new AbortController();
    const asked = once(server, 'request');
    const outcome = askUntil(path, abort.signal);
    await asked;
    abort.abort(reason);

    expect(await outcome).toBe(reason);
  });

  test('before it was sent, and while it waits for a connection', async () => {
    const abort = new AbortController();
    const many = Array.from({ length: 100 }, () => askUntil('/v1.0/silence', abort.signal));
    abort.abort(reason);

    expect(new Set(await Promise.all(many))).toEqual(new Set([reason]));
    expect(await askUntil('/v1.0/fine', abort.signal)).toBe(reason);
    expect(await bounded('/v1.0/fine', 10_000)).toBe('answered');
  });
});

test('fault 129: a redirect is an answer, and is not followed', async () => {
  expect(await ask('/elsewhere')).toMatchObject({ status: 302, body: undefined });
});

describe('fault 125: who answers slowly is given up, and keeps no connection', () => {
  test.each(['/v1.0/silence', '/v1.0/endless-headers', '/v1.0/drip'])('%s', async (path) => {
    expect(await bounded(path, 150)).toBe('unreachable');
  });

  test('a thousand such calls leave nothing behind', { timeout: 120_000 }, async () => {
    const paths = Object.keys(answers).filter((path) => /silence|endless|drip/.test(path));
    const outcomes = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) => bounded(paths[index % paths.length] ?? '', 150 + (index % 7) * 10)),
    );

    expect(new Set(outcomes)).toEqual(new Set(['unreachable']));
    expect(await bounded('/v1.0/fine', 10_000)).toBe('answered');
    await expect.poll(() => sockets.size, { timeout: 10_000 }).toBeLessThanOrEqual(64);
  });
});
