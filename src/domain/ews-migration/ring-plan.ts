/** How many users each ring has. */
export interface RingSizes {
  readonly canary: number;
  readonly second: number;
  readonly rest: number;
}

export const defaultCanarySize = 10;
/** Per cent of a ring's users whose mailboxes could not be opened, above which the ring holds. */
export const defaultFailureLimit = 5;
const secondRingShare = 0.1;

/** The rings of a migration: a few, a tenth of all, everybody else. A ring may be empty where there are few users. */
export function planRings(users: number, canarySize: number): RingSizes {
  const canary = Math.min(users, canarySize);
  const second = Math.min(users - canary, Math.ceil(users * secondRingShare));
  return { canary, second, rest: users - canary - second };
}
