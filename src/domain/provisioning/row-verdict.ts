import { type EligibilityCause, eligibilityCauses } from '../eligibility/eligibility.ts';

/** Why a row of a file names nobody: each has its line, and the line has its cause. */
export const rowProblems = [
  'row.nobody_named',
  'row.object_id',
  'row.address',
  'row.too_long',
  'row.control_character',
  'row.too_many_cells',
] as const;
export type RowProblem = (typeof rowProblems)[number];

/** What is said of one row: a row has exactly one. */
export type RowVerdict = 'waiting' | 'added' | 'row.duplicate' | RowProblem | EligibilityCause;

export const rowVerdicts = [
  'waiting',
  'added',
  ...(Object.keys(eligibilityCauses) as EligibilityCause[]),
  'row.duplicate',
  ...rowProblems,
] as const satisfies readonly RowVerdict[];

/** The groups that an admin sees; `skipped` needs nothing to be done. */
export const rowGroups = ['ready', 'fixable', 'impossible', 'skipped', 'added', 'waiting'] as const;
export type RowGroup = (typeof rowGroups)[number];

/** Where an admin finds a row. A row that was not understood is fixable: in the file. */
export function groupOfVerdict(verdict: RowVerdict): RowGroup {
  if (verdict === 'waiting' || verdict === 'added') return verdict;
  if (verdict === 'row.duplicate') return 'skipped';
  if (isRowProblem(verdict)) return 'fixable';
  const { group } = eligibilityCauses[verdict];
  return group === 'here' ? 'skipped' : group;
}

export function verdictsOfGroup(group: RowGroup): readonly RowVerdict[] {
  return rowVerdicts.filter((verdict) => groupOfVerdict(verdict) === group);
}

/**
 * Whom an admin adds.
 * @param includesFixable also those who can be added and have something to be mended
 */
export function addableVerdicts(includesFixable: boolean): readonly EligibilityCause[] {
  return (Object.keys(eligibilityCauses) as EligibilityCause[]).filter((cause) => {
    const { group, canBeAdded } = eligibilityCauses[cause];
    return canBeAdded && (group === 'ready' || includesFixable);
  });
}

function isRowProblem(verdict: RowVerdict): verdict is RowProblem {
  return (rowProblems as readonly string[]).includes(verdict);
}
