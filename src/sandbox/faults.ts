import { seededRandom } from './tenant/random.ts';

/** Which requests a fault hits. Everything given has to match. */
export interface FaultMatch {
  readonly method?: string;
  /** A text matches the start of the path, an expression any part of it. The path has no query. */
  readonly path?: string | RegExp;
  /** Object id or user principal name as it stands in the path after `/users/`. */
  readonly mailbox?: string;
  /** Hits only the n-th matching request and the ones after it; counted from 1. */
  readonly nth?: number;
  /** Ends after so many hits. */
  readonly times?: number;
  /** Hits with this probability, decided by a seeded generator: the same in every run. */
  readonly probability?: number;
}

/** What happens instead of the ordinary answer. With `delayMs` alone the ordinary answer comes later. */
export interface FaultAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON unless it is a text. */
  readonly body?: unknown;
  /** A body of type text/html. */
  readonly html?: string;
  /** Milliseconds to wait first. */
  readonly delayMs?: number;
  /** Closes the connection instead of answering. */
  readonly reset?: true;
  /** Announces the whole body and closes the connection after half of it. */
  readonly truncate?: true;
  /** Takes the request and never answers. */
  readonly hang?: true;
  /** Inside a batch: leaves the answer out, or gives it twice. */
  readonly inBatch?: 'omit' | 'repeat';
}

export interface Fault {
  readonly match: FaultMatch;
  readonly answer: FaultAnswer;
}

interface Armed extends Fault {
  readonly draw: () => number;
  seen: number;
  hits: number;
}

/** Scripted faults, for every service of the sandbox. */
export class Faults {
  #armed: Armed[] = [];
  #added = 0;

  /** Returns a function that takes the fault away again. */
  add(fault: Fault): () => void {
    this.#added += 1;
    const armed: Armed = { ...fault, draw: seededRandom(`fault/${this.#added}`).next, seen: 0, hits: 0 };
    this.#armed.push(armed);
    return () => {
      this.#armed = this.#armed.filter((each) => each !== armed);
    };
  }

  clear(): void {
    this.#armed = [];
  }

  /** How often the faults hit until now. */
  get hits(): number {
    return this.#armed.reduce((sum, fault) => sum + fault.hits, 0);
  }

  /** The answer for this request, or nothing. Counts the request. The first fault that hits wins. */
  take(method: string, path: string): FaultAnswer | undefined {
    for (const fault of this.#armed) {
      if (!matches(fault.match, method, path)) continue;
      fault.seen += 1;
      const { nth = 1, times = Infinity, probability = 1 } = fault.match;
      if (fault.seen < nth || fault.hits >= times || fault.draw() >= probability) continue;
      fault.hits += 1;
      return fault.answer;
    }
    return undefined;
  }
}

function matches(match: FaultMatch, method: string, path: string): boolean {
  if (match.method && match.method.toUpperCase() !== method) return false;
  if (typeof match.path === 'string' && !path.startsWith(match.path)) return false;
  if (match.path instanceof RegExp && !match.path.test(path)) return false;
  return !match.mailbox || path.toLowerCase().includes(`/users/${match.mailbox.toLowerCase()}`);
}
