export const stepOutcomes = [
  'changed',
  'already_there',
  'would_change',
  'passed',
  'failed',
  'read',
  'error',
  'not_run',
] as const;
export type StepOutcome = (typeof stepOutcomes)[number];
