import { expect, test } from 'vitest';
import { createLogger } from './log.ts';

const token = `eyJhbGciOiJSUzI1NiJ9.${'a'.repeat(40)}.${'b'.repeat(40)}`;

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger('info', { write: (line) => lines.push(line) }));
  return lines.join('');
}

test.each<[string, Record<string, unknown>]>([
  [
    'by key',
    { authorization: 'Bearer canary', accessToken: 'canary', client_secret: 'canary', clientSecret: 'canary' },
  ],
  ['deep', { a: { b: [{ refreshToken: 'canary' }] } }],
  ['state and code', { state: 'canary', code: 'canary' }],
])('secrets go %s', (_name, fields) => {
  expect(logged((logger) => logger.info(fields, 'x'))).not.toContain('canary');
});

test('tokens, keys and states go by shape, wherever they stand', () => {
  const pem = '-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----';
  const error = new Error(`failed with ${token}`, { cause: new Error(`and ${pem}`) });
  const text = logged((logger) => {
    logger.info({ note: `header ${token}`, url: 'https://x/?state=canary&y=1', err: error }, `message ${token}`);
  });
  expect(text).not.toContain('eyJ');
  expect(text).not.toContain('canary');
  expect(text).toContain('y=1');
});

test('a line is one line, whatever is in it', () => {
  const text = logged((logger) => logger.info({ name: 'a\r\n{"level":"fatal"}\u001b[31m' }, 'x\ny'));
  expect(text.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(text)).toMatchObject({ name: 'a\r\n{"level":"fatal"}\u001b[31m' });
});

test('long values are cut', () => {
  expect(logged((logger) => logger.info({ name: 'x'.repeat(1_000_000) }, 'y')).length).toBeLessThan(10_000);
});
