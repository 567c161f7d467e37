import tls from 'node:tls';

// Loaded with `node --import` into the service under test: sends TLS connections for Microsoft's host names to this
// machine, as Chromium's --host-resolver-rules does for the browser. Names, certificates and trust stay as they are.

/** `host:port=address:port`, separated by commas. */
const rules = new Map((process.env.RESOLVER_RULES ?? '').split(',').map((rule) => rule.split('=') as [string, string]));

const connect = tls.connect as (options: tls.ConnectionOptions, ...rest: unknown[]) => tls.TLSSocket;
tls.connect = ((options: tls.ConnectionOptions, ...rest: unknown[]) => {
  const target = rules.get(`${options.host}:${options.port ?? 443}`);
  if (!target) return connect(options, ...rest);
  const [host, port] = target.split(':');
  return connect({ ...options, host, port: Number(port), servername: options.servername ?? options.host }, ...rest);
}) as typeof tls.connect;
