import { type Step, steps } from '../../src/service/steps.ts';

/** Where a round kills: at the n-th passing of a step, or at the n-th step of any kind. */
export interface Aim {
  readonly step: Step | 'any';
  readonly count: number;
}

/** How often a round passes a step, roughly: an aim beyond it kills nothing. */
const passings: Readonly<Record<Step | 'any', number>> = {
  'job.claimed': 1,
  'job.done': 1,
  'check.starting': 1,
  'check.claimed': 1,
  'batch.sent': 16,
  'batch.answered': 16,
  'results.saving': 4,
  'results.saved': 4,
  'run.finishing': 1,
  'run.finished': 1,
  'session.claimed': 1,
  'session.saving': 1,
  'session.saved': 1,
  'database.statement': 120,
  any: 160,
};

/** Endless aims: every named step in turn, and every third one anywhere; the same for the same seed. */
export function* aimsOf(seed: number): Generator<Aim> {
  const random = numbersOf(seed);
  for (let round = 0; ; round++) {
    const step = round % 3 === 2 ? 'any' : (steps[(round - Math.floor(round / 3)) % steps.length] ?? 'any');
    yield { step, count: 1 + Math.floor(random() * passings[step]) };
  }
}

/** Mulberry32: numbers from 0 to 1 that a seed repeats. */
function numbersOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
