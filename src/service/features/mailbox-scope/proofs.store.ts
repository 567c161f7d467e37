import { createProofReports, type ProofReports } from './proof-reports.store.ts';
import { createProofRequests, type ProofRequestDependencies, type ProofRequests } from './proof-requests.store.ts';
import { createProofRuns, type ProofRunDependencies, type ProofRuns } from './proof-runs.store.ts';

/** Proofs of the limit from both sides: what admins ask for and read, and what workers save. */
export interface ProofStore extends ProofRequests, ProofReports, ProofRuns {}

export function createProofStore(dependencies: ProofRequestDependencies & ProofRunDependencies): ProofStore {
  return {
    ...createProofRequests(dependencies),
    ...createProofReports(dependencies),
    ...createProofRuns(dependencies),
  };
}
