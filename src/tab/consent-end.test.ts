import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parkConsentCallback } from '../contract/consent.ts';
import { consentChannelName } from './consent-channel.ts';
import { answer, failToConnect, service } from './testing/service.ts';

beforeEach(() => {
  vi.resetModules();
  service.use(http.get('https://res.cdn.office.net/*', () => HttpResponse.error()));
  document.body.innerHTML = '<p id="state" role="status"></p>';
});
afterEach(() => vi.restoreAllMocks());

async function openPage(query: string): Promise<void> {
  window.history.replaceState(null, '', `/consent/end${query}`);
  await import('./consent-end.ts');
}
const state = () => document.getElementById('state')?.textContent;

test('what Microsoft said is parked at the service and leaves the address (fault 46)', async () => {
  const calls = answer(parkConsentCallback, undefined);
  await openPage('?state=abc&admin_consent=True&tenant=t1&surplus=x');
  expect(window.location.href).toBe(`${window.location.origin}/consent/end`);
  await vi.waitFor(() => expect(state()).toBe('You can close this window.'));
  expect(calls.map(({ body }) => body)).toEqual([{ state: 'abc', admin_consent: 'True', tenant: 't1' }]);
});

test('a refusal is parked too; a text too long is cut, and nothing of it is shown (fault 36)', async () => {
  const calls = answer(parkConsentCallback, undefined);
  const text = `<img src=x onerror=alert(1)>${'x'.repeat(10_000)}`;
  await openPage(`?state=abc&error=access_denied&error_description=${encodeURIComponent(text)}`);
  await vi.waitFor(() => expect(state()).toBe('You can close this window.'));
  expect(calls[0]?.body).toEqual({ state: 'abc', error: 'access_denied', error_description: text.slice(0, 4_000) });
  expect(document.body.innerHTML).not.toContain('onerror');
});

test('the tab that hears it lets the window close', async () => {
  answer(parkConsentCallback, undefined);
  const close = vi.spyOn(window, 'close').mockImplementation(() => {});
  const tab = new BroadcastChannel(consentChannelName);
  tab.onmessage = () => tab.postMessage('heard');
  await openPage('?state=abc&admin_consent=True');
  await vi.waitFor(() => expect(close).toHaveBeenCalled());
  tab.close();
});

test('a service that cannot be reached is said, with the way on', async () => {
  failToConnect(parkConsentCallback);
  await openPage('?state=abc&admin_consent=True');
  await vi.waitFor(() => expect(state()).toContain('choose Check again in the tab'));
});

test('an address without a state asks for nothing', async () => {
  await openPage('');
  await vi.waitFor(() => expect(state()).toBe('There is nothing to finish here. You can close this window.'));
});
