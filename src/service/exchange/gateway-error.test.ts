import { expect, test } from 'vitest';
import { CmdletFailed, GatewayRefused, readGatewayError } from './gateway-error.ts';

function errorOf(status: number, body: unknown, headers: Record<string, string> = {}) {
  return readGatewayError({ status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) });
}
const envelope = (error: object) => ({ error: { code: 'BadRequest', ...error } });

test.each<[string, object, string, string | undefined]>([
  [
    'the context first',
    {
      message: 'm',
      details: [{ message: '|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|no x' }],
      innererror: { internalexception: { message: 'i' } },
    },
    'no x',
    'ManagementObjectNotFoundException',
  ],
  [
    'an id in front of the exception',
    { details: [{ message: 'Ex6F9304|Microsoft.Exchange.X.SomeException|two\nlines' }] },
    'two lines',
    'SomeException',
  ],
  [
    'the internal exception next',
    { message: 'm', innererror: { internalexception: { message: 'i' } } },
    'i',
    undefined,
  ],
  ['the message last', { message: 'm|n' }, 'm|n', undefined],
])('a cmdlet that failed says why: %s', (_, error, message, exception) => {
  const failed = errorOf(400, envelope(error));
  expect(failed).toBeInstanceOf(CmdletFailed);
  expect(failed).toMatchObject({ message, exception });
});

test('an unknown identity is told apart from other failures', () => {
  const notFound = errorOf(404, envelope({ details: [{ message: '|a.ManagementObjectNotFoundException|x' }] }));
  const ambiguous = errorOf(400, envelope({ details: [{ message: '|a.ManagementObjectAmbiguousException|x' }] }));
  const other = errorOf(400, envelope({ details: [{ message: '|a.ParameterBindingException|x' }] }));
  expect([notFound, ambiguous, other].map((each) => each instanceof CmdletFailed && each.isAboutIdentity)).toEqual([
    true,
    true,
    false,
  ]);
});

test.each<[string, number, unknown, Record<string, string>, string, string]>([
  ['401', 401, '', {}, 'token_refused', ''],
  [
    '403 without a body',
    403,
    '',
    { 'x-ms-diagnostics': '2000012;reason="No role.";error_category="x"' },
    'role_missing',
    'No role.',
  ],
  ['403 without anything', 403, '', {}, 'role_missing', ''],
  [
    'a cmdlet that the role does not have',
    400,
    envelope({ details: [{ message: '|a.CommandNotFoundException|no New-X' }] }),
    {},
    'role_missing',
    'no New-X',
  ],
  ['429', 429, '<html>', {}, 'throttled', ''],
  ['500 with a page', 500, '<html>', {}, 'unreachable', 'Exchange answered 500.'],
  ['404 with a page', 404, '<html>', {}, 'unexpected', 'Exchange answered 404.'],
  ['a redirect', 302, '', {}, 'unexpected', 'Exchange answered 302.'],
])('%s', (_, status, body, headers, problem, detail) => {
  const refused = errorOf(status, body, headers);
  expect(refused).toBeInstanceOf(GatewayRefused);
  expect(refused).toMatchObject({ refusal: { problem, detail } });
});
