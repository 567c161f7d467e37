import { Client } from 'pg';
import { passStep } from '../steps.ts';

/**
 * A connection whose statements end in time, whatever becomes of the server: `statement_timeout` is the server's, and a
 * connection that went silent half-open knows no server. One that misses the deadline is cut, so that the pool replaces
 * it and whoever waits gets "Connection terminated".
 * @param deadlineMs longer than the server's own timeout, which leaves the connection whole
 */
export function clientWithDeadline(deadlineMs: number): typeof Client {
  return class extends Client {
    override query: Client['query'] = ((...statement: Parameters<Client['query']>) => {
      passStep('database.statement');
      const answer: unknown = super.query(...statement);
      if (!(answer instanceof Promise)) return answer;
      const timer = setTimeout(() => this.#cut(), deadlineMs).unref();
      return answer.finally(() => clearTimeout(timer));
    }) as Client['query'];

    #cut(): void {
      (this as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    }
  };
}
