import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const parentPollMs = 1000;

/** The programs that a command runs side by side: they end together, whoever ends first. */
export class ChildProcesses {
  readonly #running = new Set<ChildProcess>();
  readonly #ended = Promise.withResolvers<never>();
  #isStopping = false;

  constructor() {
    // Whoever waits sees the end; nobody waiting is no unhandled rejection.
    this.#ended.promise.catch(() => {});
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void this.stop());
    // npm does not pass every signal on: when the shell that started us is gone, so are we.
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && void this.stop(), parentPollMs).unref();
  }

  /** Starts a Node program; what it reports as wrong goes to our own output, the rest nowhere. */
  start(name: string, parameters: readonly string[], environment: NodeJS.ProcessEnv): void {
    const child = spawn(process.execPath, parameters, { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
    this.#running.add(child);
    child.on('exit', (code) => {
      this.#running.delete(child);
      if (this.#isStopping) return;
      process.exitCode = code || 1;
      this.#ended.reject(new Error(`${name} ended with code ${code}; its own line above says why.`));
      void this.stop();
    });
  }

  /** The same promise, but rejected as soon as one of the programs ends. */
  orEnd<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.#ended.promise]);
  }

  /** Asks all to stop and waits until they have. Safe to call again. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const ends = [...this.#running].map((child) => once(child, 'exit'));
    for (const child of this.#running) child.kill('SIGTERM');
    await Promise.all(ends);
  }
}
