import type { AssignmentDecision } from '../../../domain/assignment-rules/decide.ts';
import type { StoredSubject } from './subjects.store.ts';

/** A person and what the rules do about them. */
export interface Decided {
  readonly subject: StoredSubject;
  readonly decision: AssignmentDecision;
}
