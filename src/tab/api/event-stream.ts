import { createParser } from 'eventsource-parser';
import { ServiceUnreachable } from './api-error.ts';

/** Heartbeats come every 15 s: what is silent for longer than two of them is broken, whatever the network says. */
const silenceMs = 40_000;
/** Far more than one event of ours. */
const mostCharacters = 4 * 1024 * 1024;

/** The data of each event of a `text/event-stream`, as they come. @throws ServiceUnreachable when the stream breaks */
export async function* eventsOf(body: NonNullable<Response['body']>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const complete: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => complete.push(data), maxBufferSize: mostCharacters });
  for (;;) {
    const { done, value } = await withinSilence(
      reader.read().catch((error: unknown) => {
        throw new ServiceUnreachable('the stream broke off', { cause: error });
      }),
    );
    if (done) return;
    parser.feed(decoder.decode(value, { stream: true }));
    yield* complete.splice(0);
  }
}

/** @throws ServiceUnreachable when nothing comes in time; what `answer` throws */
export async function withinSilence<Value>(answer: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ServiceUnreachable('the stream fell silent')), silenceMs);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearTimeout(timer);
  }
}
