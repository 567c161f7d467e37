import type { Amounts } from './amounts.ts';

export function requestRate({ n }: Amounts) {
  return {
    title: 'Speed',
    ceiling: 'Requests per second at most',
    hint: 'For the whole tenant; each application registration by itself. Empty: as fast as Microsoft allows.',
    invalid: (most: number) => `Enter a whole number from 1 to ${n(most)}, or leave it empty.`,
    saved: 'The ceiling was saved. A running check follows within half a minute.',
    nothingLearnt: 'Nothing has been measured yet; the first check finds out.',
    limit: (perSecond: string) =>
      `Microsoft slows this application down above ${perSecond} requests per second. Measured`,
    reached: (perSecond: string) => `Up to ${perSecond} requests per second went through without a limit. Measured`,
    ceilingSet: (perSecond: number) => `${n(perSecond)} requests per second at most`,
    ceilingRemoved: 'as fast as Microsoft allows',
  };
}
