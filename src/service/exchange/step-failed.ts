/** What a plan asks for cannot be done as it stands; `message` says why, for an admin. */
export class StepFailed extends Error {}
