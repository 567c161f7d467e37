import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, test } from 'vitest';
import { channelPrefix, passStep, type StepMessage } from './steps.ts';

const name = `${channelPrefix}results.saving`;

test('a step without a listener is passed', () => {
  expect(() => passStep('results.saving')).not.toThrow();
});

test('a listener of a step hears that step only, and can let it fail', () => {
  const heard: string[] = [];
  const listener = (message: unknown) => {
    const { step, fail } = message as StepMessage;
    heard.push(step);
    fail(new Error('injected'));
  };
  subscribe(name, listener);
  try {
    passStep('results.saved');
    expect(() => passStep('results.saving')).toThrow('injected');
  } finally {
    unsubscribe(name, listener);
  }
  passStep('results.saving');
  expect(heard).toEqual(['results.saving']);
});
