import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';

/** A TCP connection to a server that can be cut, refused or made silent. */
export interface FaultProxy extends AsyncDisposable {
  /** The same URL with the proxy's address. */
  readonly url: string;
  /** Connections that are open through it. */
  readonly count: number;
  /** Ends all connections and accepts none, as while a server restarts. */
  refuse(): void;
  /** Nothing passes any more in either direction, and nobody is told: a half-open connection. */
  silence(): void;
  /** Works again; what was silent stays silent. */
  mend(): void;
}

export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<readonly [Socket, Socket]>();
  let isRefusing = false;
  let isSilent = false;
  const server = createServer((client) => {
    client.on('error', () => client.destroy());
    if (isRefusing) return void client.destroy();
    if (isSilent) return;
    const upstream = dial(Number(port), hostname);
    upstream.on('error', () => upstream.destroy());
    const pair = [client, upstream] as const;
    pairs.add(pair);
    client.pipe(upstream);
    upstream.pipe(client);
    const end = () => {
      for (const socket of pair) socket.destroy();
      pairs.delete(pair);
    };
    client.on('close', end);
    upstream.on('close', end);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);

  return {
    url: url.href,
    get count() {
      return pairs.size;
    },
    refuse() {
      isRefusing = true;
      for (const pair of pairs) for (const socket of pair) socket.destroy();
    },
    silence() {
      isSilent = true;
      for (const [client, upstream] of pairs) {
        client.unpipe(upstream);
        upstream.unpipe(client);
        for (const socket of [client, upstream]) socket.resume();
      }
    },
    mend() {
      isRefusing = false;
      isSilent = false;
    },
    async [Symbol.asyncDispose]() {
      for (const pair of pairs) for (const socket of pair) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
