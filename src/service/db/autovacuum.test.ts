import { expect, test } from 'vitest';
import { type TableActivity, workDue } from './autovacuum.ts';

/** A table of 1,000 rows that nobody touched since somebody looked. */
function table(changes: Partial<TableActivity>): TableActivity {
  const untouched = { changedSinceAnalysis: 0, insertedSinceVacuum: 0, dead: 0 };
  return { name: 'users', ...untouched, plannedRows: 1_000, plannedPages: 20, pages: 20, ...changes };
}

const never = { plannedRows: -1, plannedPages: 0 };

test.each([
  ['nothing happened', {}, undefined],
  ['a tenth and 50 changed', { changedSinceAnalysis: 150 }, undefined],
  ['more than that changed', { changedSinceAnalysis: 151 }, 'ANALYZE'],
  ['a fifth and 50 are dead', { dead: 250 }, undefined],
  ['more than that are dead', { dead: 251 }, 'VACUUM'],
  ['a fifth and 1,000 are new', { insertedSinceVacuum: 1_200 }, undefined],
  ['more than that are new', { insertedSinceVacuum: 1_201, changedSinceAnalysis: 1_201 }, 'VACUUM (ANALYZE)'],
  ['the first rows', { ...never, pages: 1, changedSinceAnalysis: 50, insertedSinceVacuum: 50 }, undefined],
  ['written before this start', { ...never, pages: 10 }, 'ANALYZE'],
] as const)('in a quiet moment: %s', (_name, changes, work) => {
  expect(workDue(table(changes), { isInBulk: false })).toBe(work);
});

test.each([
  ['each row is new or changed', { changedSinceAnalysis: 2_000, insertedSinceVacuum: 2_000, dead: 1_000 }, undefined],
  ['nine times as long', { plannedPages: 111, pages: 1_000, changedSinceAnalysis: 9_000 }, undefined],
  ['ten times as long', { plannedPages: 100, pages: 1_000, changedSinceAnalysis: 9_000 }, 'ANALYZE'],
  ['ten times as long, and still short', { pages: 999, changedSinceAnalysis: 9_000 }, undefined],
  ['two dead for each row, and 50', { dead: 2_050 }, undefined],
  ['more dead than that', { dead: 2_051 }, 'VACUUM'],
  ['nobody ever looked, and many are dead', { ...never, pages: 9, dead: 9_000 }, undefined],
] as const)('while somebody writes in bulk: %s', (_name, changes, work) => {
  expect(workDue(table(changes), { isInBulk: true })).toBe(work);
});
