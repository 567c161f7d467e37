import { setTimeout as sleep } from 'node:timers/promises';
import { askAs } from './ask.ts';
import { answerParent } from './child.ts';

// An admin who looks on. In a small process of its own: one that holds a whole tenant stands still while it collects.

const everyMs = 100;
const readsBefore = 20;

interface Look {
  readonly origin: string;
  readonly token: string;
  readonly path: string;
}

let isOver = false;
let reading: Promise<number[]> = Promise.resolve([]);

const handlers = {
  /** Reads a list over and over, once it was read so often that the code for it is compiled. */
  async start({ origin, token, path }: Look): Promise<void> {
    const list = () => askAs(token, origin)(path);
    for (let time = 0; time < readsBefore; time++) await list();
    reading = (async () => {
      const timesMs: number[] = [];
      while (!isOver) {
        const startedAt = performance.now();
        await list();
        timesMs.push(performance.now() - startedAt);
        await sleep(everyMs);
      }
      return timesMs;
    })();
  },

  /** @returns how long each took, in milliseconds */
  stop(): Promise<number[]> {
    isOver = true;
    return reading;
  },
};
export type ListsBeside = typeof handlers;

answerParent(handlers);
