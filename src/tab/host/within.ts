/** A call of the host or of a library that has no time limit of its own took too long. */
export class TookTooLong extends Error {
  override readonly name = 'TookTooLong';
  constructor(what: string, milliseconds: number) {
    super(`${what} did not answer within ${milliseconds / 1000} s`);
  }
}

/** Settles as the promise does, or rejects with {@link TookTooLong}. The call itself goes on; its late answer is dropped. */
export async function within<Value>(milliseconds: number, what: string, promise: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TookTooLong(what, milliseconds)), milliseconds);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
