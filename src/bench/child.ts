import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a process of the bench can be asked. */
export type Handlers = Record<string, (input: never) => unknown>;

type Asked<H extends Handlers, K extends keyof H> = Awaited<ReturnType<H[K]>>;

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** A process of its own, so that its time and memory are its own too. */
export interface Child<H extends Handlers> extends AsyncDisposable {
  ask<K extends keyof H & string>(name: K, input: Parameters<H[K]>[0]): Promise<Asked<H, K>>;
}

/** @param path of a file that calls {@link answerParent} */
export function startChild<H extends Handlers>(path: string, environment: NodeJS.ProcessEnv = {}): Child<H> {
  const child = fork(fileURLToPath(new URL(path, import.meta.url)), [], {
    env: { ...process.env, ...environment },
    execArgv: ['--disable-warning=ExperimentalWarning', ...(process.env.BENCH_NODE_OPTIONS?.split(' ') ?? [])],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const pending = new Map<number, PromiseWithResolvers<unknown>>();
  let nextId = 1;
  child.on('message', ({ id, value, error }: Answer) => {
    if (error === undefined) pending.get(id)?.resolve(value);
    else pending.get(id)?.reject(new Error(error));
    pending.delete(id);
  });
  child.on('exit', (code) => {
    for (const { reject } of pending.values()) reject(new Error(`${path} ended with code ${code}`));
  });
  return {
    ask<K extends keyof H & string>(name: K, input: Parameters<H[K]>[0]) {
      const id = nextId++;
      const answer = Promise.withResolvers<unknown>();
      pending.set(id, answer);
      child.send({ id, name, input });
      return answer.promise as Promise<Asked<H, K>>;
    },
    [Symbol.asyncDispose]: () => ended(child),
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, 'exit');
  child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await exit;
  clearTimeout(timer);
}

/** The child's side: answers until the parent lets go, then calls `atEnd` and ends. */
export function answerParent(handlers: Handlers, atEnd: () => Promise<void> = async () => {}): void {
  process.on('message', async ({ id, name, input }: { id: number; name: string; input: never }) => {
    try {
      process.send?.({ id, value: await handlers[name]?.(input) } satisfies Answer);
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.on('disconnect', async () => {
    await atEnd();
    process.exit(0);
  });
}
