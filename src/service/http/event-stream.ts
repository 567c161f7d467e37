/** Comments that keep proxies from cutting a quiet stream. */
const heartbeatMs = 15_000;
/** A token lives about an hour: the reader comes back with a new one long before. */
const longestMs = 10 * 60_000;

/**
 * Server-sent events, each with one value as JSON. The source is read no faster than the reader takes it. When the source
 * fails the connection is cut, so that no end is pretended.
 * @param stop ends the source; called when the reader is gone, when it has lasted long enough and when `signal` fires
 * @see HTML Living Standard, Server-sent events
 */
export function eventStreamResponse(
  source: AsyncIterable<unknown>,
  { signal, stop }: { readonly signal: AbortSignal; readonly stop: () => void },
): Response {
  const encoder = new TextEncoder();
  const values = source[Symbol.asyncIterator]();
  let heartbeat: NodeJS.Timeout | undefined;
  let limit: NodeJS.Timeout | undefined;

  function end(): void {
    clearInterval(heartbeat);
    clearTimeout(limit);
    signal.removeEventListener('abort', stop);
    stop();
  }

  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const beat = () => controller.enqueue(encoder.encode(':\n\n'));
      // The first one lets the reader know at once that it is connected.
      beat();
      heartbeat = setInterval(beat, heartbeatMs).unref();
      limit = setTimeout(stop, longestMs).unref();
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
    },
    async pull(controller) {
      try {
        const { done, value } = await values.next();
        if (!done) return controller.enqueue(encoder.encode(`data: ${JSON.stringify(value)}\n\n`));
        end();
        controller.close();
      } catch (error) {
        end();
        controller.error(error);
      }
    },
    cancel: end,
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      // Proxies would otherwise wait for more before they pass anything on.
      'x-accel-buffering': 'no',
    },
  });
}
