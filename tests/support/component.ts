import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { service } from '../../src/tab/testing/service.ts';

// What a browser has and jsdom lacks. Elements are given a size, so that virtual lists show rows.
class NoResize implements ResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
vi.stubGlobal('ResizeObserver', NoResize);
window.matchMedia ??= (query: string) =>
  Object.assign(new EventTarget(), {
    media: query,
    matches: false,
    onchange: null,
    addListener() {},
    removeListener() {},
  }) as unknown as MediaQueryList;
Element.prototype.scrollIntoView ??= () => {};
Element.prototype.scrollTo ??= () => {};
for (const [name, size] of [
  ['clientHeight', 600],
  ['clientWidth', 1280],
  ['offsetHeight', 600],
] as const) {
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => size });
}
// Tabs are narrow, so that all of them fit on their line.
Object.defineProperty(HTMLElement.prototype, 'offsetWidth', {
  configurable: true,
  get(this: HTMLElement) {
    return this.getAttribute('role') === 'tab' ? 80 : 1280;
  },
});

// Without a layout nothing could take the focus, and an open dialog that cannot is hidden together with the page.
Object.defineProperty(HTMLElement.prototype, 'offsetParent', {
  configurable: true,
  get(this: HTMLElement) {
    return getComputedStyle(this).display === 'none' ? null : this.parentElement;
  },
});

// The whole page in every failure would hide what failed.
configure({ asyncUtilTimeout: 5_000, getElementError: (message) => new Error(message ?? 'not found') });

const consoleError = vi.spyOn(console, 'error');

beforeAll(() => service.listen({ onUnhandledFrame: 'error' }));
beforeEach(() => {
  consoleError.mockClear();
  window.history.replaceState(null, '', '/');
  window.localStorage.clear();
  window.sessionStorage.clear();
});
afterEach(() => {
  cleanup();
  service.resetHandlers();
  // A console error fails the test that caused it.
  expect(consoleError.mock.calls).toEqual([]);
});
afterAll(() => service.close());
