const shortestMs = 1_000;
const longestMs = 30_000;

/**
 * How long to wait before a stream is opened again, in milliseconds: twice as long each time, never less than a second,
 * and by chance up to half of it shorter, so that the tabs of all admins do not come back at once.
 * @param failures attempts in a row that told nothing; 0 for a stream that told something and then broke
 * @param random from 0 to 1
 */
export function pauseBeforeReconnection(failures: number, random: number): number {
  const ceiling = Math.min(longestMs, shortestMs * 2 ** failures);
  return Math.max(shortestMs, ceiling * (1 - random / 2));
}

/** Waits, unless the signal ends it. @throws what `signal` was aborted with */
export async function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', abort, { once: true });
  });
}
