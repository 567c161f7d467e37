import type { Endpoint } from '../../contract/endpoint.ts';

/** What a handler of an endpoint with `download` returns. */
export interface FileAnswer {
  /** Without extension: that follows from the type and from nothing that anybody wrote. */
  readonly baseName: string;
  readonly body: ReadableStream<Uint8Array>;
}

const extensions: Readonly<Record<NonNullable<Endpoint['download']>, string>> = {
  'text/csv': '.csv',
  'application/json': '.json',
  'text/html': '.html',
};

/** A file to save, never to show. A body that fails cuts the connection, so that half a file is no file. */
export function fileResponse(type: NonNullable<Endpoint['download']>, { baseName, body }: FileAnswer): Response {
  return new Response(body, {
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'content-disposition': contentDisposition(`${baseName}${extensions[type]}`),
      'cache-control': 'no-store',
      // The server would otherwise wait for the beginning, and answer a failure there with the failure's text.
      'transfer-encoding': 'chunked',
    },
  });
}

/** @see RFC 6266, section 4.3 and appendix D: a name for old readers, and one with all its letters */
export function contentDisposition(fileName: string): string {
  const whole = fileName.toWellFormed().replace(/\p{Cc}/gu, '_');
  const ascii = whole.replace(/[^\x20-\x7e]|["\\%;]/gu, '_');
  const encoded = encodeURIComponent(whole).replace(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
