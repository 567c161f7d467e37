import { format, inspect } from 'node:util';
import { expect, test } from 'vitest';
import { createLogger } from '../log.ts';
import { AccessToken } from './access-token.ts';

const secret = 'eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiJhZGEifQ.c2lnbmF0dXJl';
/** Not in the shape of a token: nothing but its own silence protects it. */
const shapeless = 'sesame-opens-everything';

test.each([secret, shapeless])('a token shows itself only when asked', (value) => {
  const accessToken = new AccessToken(value);
  const admin = { userId: 'ada', accessToken };
  const lines: string[] = [];
  const logger = createLogger('info', { write: (line) => lines.push(line) });
  logger.info({ admin, accessToken }, 'a request');
  logger.info(admin);
  logger.error({ err: new Error(`of ${accessToken}`, { cause: admin }) }, 'failed');
  const shown = [
    ...lines,
    JSON.stringify(admin),
    inspect(admin, { depth: 9, showHidden: true }),
    format('%s %o %j', accessToken, admin, admin),
    `${accessToken}`,
    Object.values({ ...accessToken }).join(),
  ];
  expect(lines).toHaveLength(3);
  expect(shown.filter((text) => text.includes(value))).toEqual([]);
  expect(accessToken.reveal()).toBe(value);
});
