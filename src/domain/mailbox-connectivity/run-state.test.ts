import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isOpen, nextRunState, type RunEvent, type RunState, runStates, type StopReason } from './run-state.ts';

const after = (state: RunState, event: RunEvent) => {
  const step = nextRunState(state, event);
  return step.ok ? step.state : step.refusal;
};

test.each<[RunEvent['type'], Record<RunState, string>]>([
  [
    'pause',
    {
      queued: 'paused',
      running: 'pausing',
      pausing: 'pausing',
      paused: 'paused',
      cancelling: 'ending',
      completed: 'ended',
      cancelled: 'ended',
      failed: 'ended',
    },
  ],
  [
    'resume',
    {
      queued: 'queued',
      running: 'running',
      pausing: 'running',
      paused: 'queued',
      cancelling: 'ending',
      completed: 'ended',
      cancelled: 'ended',
      failed: 'ended',
    },
  ],
  [
    'cancel',
    {
      queued: 'cancelled',
      running: 'cancelling',
      pausing: 'cancelling',
      paused: 'cancelled',
      cancelling: 'cancelling',
      completed: 'ended',
      cancelled: 'ended',
      failed: 'ended',
    },
  ],
  [
    'claim',
    {
      queued: 'running',
      running: 'running',
      pausing: 'pausing',
      paused: 'not_running',
      cancelling: 'cancelling',
      completed: 'ended',
      cancelled: 'ended',
      failed: 'ended',
    },
  ],
])('%s, from each state', (type, expected) => {
  const found = Object.fromEntries(runStates.map((state) => [state, after(state, { type } as RunEvent)]));
  expect(found).toEqual(expected);
});

test.each<[StopReason, string, string, string]>([
  ['all_done', 'completed', 'completed', 'cancelled'],
  ['asked', 'queued', 'paused', 'cancelled'],
  ['consent_changed', 'paused', 'paused', 'cancelled'],
  ['failed', 'failed', 'failed', 'failed'],
])('a worker that stops, %s, while it runs, is being paused, is being cancelled', (because, ...expected) => {
  const states = (['running', 'pausing', 'cancelling'] as const).map((state) =>
    after(state, { type: 'stopped', because }),
  );
  expect(states).toEqual(expected);
});

test('fault 41: a changed consent pauses with its own reason; a pause by an admin has another', () => {
  expect(nextRunState('running', { type: 'stopped', because: 'consent_changed' })).toEqual({
    ok: true,
    state: 'paused',
    pausedBecause: 'consent_changed',
  });
  expect(nextRunState('pausing', { type: 'stopped', because: 'asked' })).toMatchObject({ pausedBecause: 'admin' });
});

describe('fault 147: whatever admins and workers do, in any order', () => {
  const adminEvent = fc.constantFrom<RunEvent>({ type: 'pause' }, { type: 'resume' }, { type: 'cancel' });
  const because = fc.constantFrom<StopReason>('all_done', 'asked', 'consent_changed', 'failed');
  const anyEvent = fc.oneof(
    adminEvent,
    fc.constant<RunEvent>({ type: 'claim' }),
    because.map<RunEvent>((why) => ({ type: 'stopped', because: why })),
  );

  test('an ended run stays as it ended, and a refused step changes nothing', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
        let state: RunState = 'queued';
        for (const event of events) {
          const step = nextRunState(state, event);
          if (!isOpen(state)) expect(step).toEqual({ ok: false, refusal: 'ended' });
          if (!step.ok) continue;
          // Only a pause has a reason, and one that is told to nobody twice.
          expect(step.pausedBecause === undefined || step.state === 'paused').toBe(true);
          state = step.state;
        }
      }),
    );
  });

  test('once its worker has stopped, a cancelled run has ended; it is never cancelling for ever', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), because, (events, why) => {
        let state: RunState = 'queued';
        for (const event of [...events, { type: 'cancel' } as const]) {
          const step = nextRunState(state, event);
          if (step.ok) state = step.state;
        }
        const stopped = nextRunState(state, { type: 'stopped', because: why });
        expect(isOpen(stopped.ok ? stopped.state : state)).toBe(false);
      }),
    );
  });

  test('a worker that stops because it was asked leaves a run that somebody takes up again, or one that has ended', () => {
    for (const state of runStates) {
      const step = nextRunState(state, { type: 'stopped', because: 'asked' });
      if (step.ok) expect(['queued', 'paused', 'cancelled']).toContain(step.state);
    }
  });
});
