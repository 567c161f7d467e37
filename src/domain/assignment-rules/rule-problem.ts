/** Why a run, or the group of a rule, could not be read. */
export const assignmentProblems = [
  'application_shut_out',
  'token_unavailable',
  'registration_not_configured',
  'directory_not_permitted',
  'directory_unreadable',
  'group_gone',
  'group_not_permitted',
  'group_unreadable',
] as const;
export type AssignmentProblem = (typeof assignmentProblems)[number];
