import { type Channel, channel } from 'node:diagnostics_channel';

/**
 * The places at which a worker or the data layer can die, stand still or fail with something half done. Each is a channel
 * of `node:diagnostics_channel` called `mailbox-access.<step>`; with no listener, passing one costs nothing.
 */
export const steps = [
  'job.claimed',
  'job.done',
  'check.starting',
  'check.claimed',
  'batch.sent',
  'batch.answered',
  'results.saving',
  'results.saved',
  'run.finishing',
  'run.finished',
  'session.claimed',
  'session.saving',
  'session.saved',
  'database.statement',
] as const;

export type Step = (typeof steps)[number];

/** What a listener gets: `fail` makes the step throw where it stands. */
export interface StepMessage {
  readonly step: Step;
  fail(error: Error): void;
}

export const channelPrefix = 'mailbox-access.';
const channels = Object.fromEntries(steps.map((step) => [step, channel(channelPrefix + step)])) as Record<
  Step,
  Channel<unknown, StepMessage>
>;

/**
 * Tells whoever listens that the code stands here.
 * @throws what a listener wants this step to fail with
 */
export function passStep(step: Step): void {
  const listened = channels[step];
  if (!listened.hasSubscribers) return;
  let failure: Error | undefined;
  const message: StepMessage = {
    step,
    fail(error) {
      failure = error;
    },
  };
  listened.publish(message);
  if (failure !== undefined) throw failure;
}
