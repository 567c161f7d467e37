import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  connectionTypes,
  type MailboxEvent,
  type MailboxState,
  mailboxStates,
  nextMailboxState,
} from './mailbox-state.ts';

const graph = 'graph_app_only';
const switched = { type: 'check_succeeded', from: 'ews_impersonation', to: graph } as const;
const checkedAgain = { type: 'check_succeeded', from: graph, to: graph } as const;
const scheduled = { type: 'session_started', by: 'schedule', connection: graph } as const;
const forced = { type: 'session_started', by: 'admin', connection: graph } as const;

test.each<[MailboxState, MailboxEvent, MailboxState]>([
  ['not_initialized', switched, 'switching'],
  ['initialized', switched, 'switching'],
  ['initialized', checkedAgain, 'initialized'],
  ['switching', checkedAgain, 'switching'],
  ['disabled_due_to_error', checkedAgain, 'switching'],
  ['not_initialized', scheduled, 'switching'],
  ['initialized', scheduled, 'initialized'],
  ['disabled_due_to_error', forced, 'switching'],
  ['switching', { type: 'sync_succeeded' }, 'initialized'],
  ['initialized', { type: 'sync_failed_for_good' }, 'disabled_due_to_error'],
  ['disabled_due_to_error', { type: 'reset' }, 'not_initialized'],
  ['initialized', { type: 'reinitialized', connection: graph }, 'switching'],
  ['disabled_due_to_error', { type: 'reinitialized', connection: graph }, 'switching'],
])('%s, %o: %s', (state, event, next) => {
  expect(nextMailboxState(state, event)).toEqual({ ok: true, state: next });
});

test.each<[MailboxState, MailboxEvent, string]>([
  ['not_initialized', { type: 'check_succeeded', from: graph, to: 'ews_impersonation' }, 'not_a_target'],
  ['not_initialized', { ...forced, connection: 'hybrid' }, 'not_connected'],
  ['disabled_due_to_error', scheduled, 'disabled_due_to_error'],
  ['not_initialized', { type: 'sync_succeeded' }, 'no_session'],
  ['disabled_due_to_error', { type: 'sync_succeeded' }, 'no_session'],
  ['disabled_due_to_error', { type: 'sync_failed_for_good' }, 'no_session'],
  ['not_initialized', { type: 'reset' }, 'nothing_to_reset'],
  ['initialized', { type: 'reinitialized', connection: 'none' }, 'not_connected'],
])('%s refuses %o: %s', (state, event, refusal) => {
  expect(nextMailboxState(state, event)).toEqual({ ok: false, refusal });
});

// What the real thing must agree with, written down once more in other words: facts instead of a state.
class Model {
  connection: (typeof connectionTypes)[number] = 'none';
  /** A session has ended well since the contents were forgotten last. */
  isKnown = false;
  /** Sessions read it, or are about to. */
  isRead = false;
  isGivenUp = false;

  get state(): MailboxState {
    if (this.isGivenUp) return 'disabled_due_to_error';
    if (!this.isRead) return 'not_initialized';
    return this.isKnown ? 'initialized' : 'switching';
  }
}
type Real = { state: MailboxState };

class Step implements fc.Command<Model, Real> {
  readonly event: MailboxEvent;
  readonly isPossible: (model: Model) => boolean;
  readonly apply: (model: Model) => void;
  constructor(event: MailboxEvent, isPossible: (model: Model) => boolean, apply: (model: Model) => void) {
    this.event = event;
    this.isPossible = isPossible;
    this.apply = apply;
  }
  check = () => true;
  run(model: Model, real: Real) {
    const step = nextMailboxState(real.state, this.event);
    expect(step.ok).toBe(this.isPossible(model));
    if (step.ok) {
      this.apply(model);
      real.state = step.state;
    }
    expect(real.state).toBe(model.state);
  }
  toString = () => JSON.stringify(this.event);
}

test('any walk through the states agrees with what is known of the mailbox, and an illegal step changes nothing', () => {
  const connections = fc.constantFrom(...connectionTypes);
  const commands = [
    fc.record({ from: connections, to: connections }).map(
      ({ from, to }) =>
        new Step(
          { type: 'check_succeeded', from, to },
          () => to === graph,
          (model) => {
            const isSwitch = from !== to;
            if (isSwitch || model.isGivenUp) Object.assign(model, { isRead: true, isKnown: false, isGivenUp: false });
            model.connection = graph;
          },
        ),
    ),
    fc.record({ by: fc.constantFrom('schedule' as const, 'admin' as const), connection: connections }).map(
      ({ by, connection }) =>
        new Step(
          { type: 'session_started', by, connection },
          (model) => connection === graph && (by === 'admin' || !model.isGivenUp),
          (model) => {
            if (model.isGivenUp) model.isKnown = false;
            Object.assign(model, { isRead: true, isGivenUp: false });
          },
        ),
    ),
    fc.constant(
      new Step(
        { type: 'sync_succeeded' },
        (model) => model.isRead,
        (model) => {
          model.isKnown = true;
        },
      ),
    ),
    fc.constant(
      new Step(
        { type: 'sync_failed_for_good' },
        (model) => model.isRead,
        (model) => Object.assign(model, { isRead: false, isGivenUp: true }),
      ),
    ),
    fc.constant(
      new Step(
        { type: 'reset' },
        (model) => model.state !== 'not_initialized',
        (model) => Object.assign(model, { isRead: false, isKnown: false, isGivenUp: false }),
      ),
    ),
    connections.map(
      (connection) =>
        new Step(
          { type: 'reinitialized', connection },
          () => connection === graph,
          (model) => Object.assign(model, { isRead: true, isKnown: false, isGivenUp: false }),
        ),
    ),
  ];
  fc.assert(
    fc.property(fc.commands(commands, { maxCommands: 60 }), (walk) => {
      fc.modelRun(() => ({ model: new Model(), real: { state: 'not_initialized' } }), walk);
    }),
    { numRuns: 500 },
  );
});

test('every state answers every event without an exception', () => {
  for (const state of mailboxStates) {
    for (const type of ['sync_succeeded', 'sync_failed_for_good', 'reset'] as const) {
      expect(nextMailboxState(state, { type })).toHaveProperty('ok');
    }
  }
});
