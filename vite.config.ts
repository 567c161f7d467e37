import griffel from '@griffel/vite-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { PlainSummary } from './tests/support/plain-summary.ts';

const node = { environment: 'node' as const, testTimeout: 30_000, hookTimeout: 120_000 };

export default defineConfig(({ command }) => ({
  root: 'src/tab',
  publicDir: '../../public',
  // Styles are computed while building; in development and in tests they are computed in the browser.
  plugins: [react(), command === 'build' && griffel()],
  build: {
    outDir: '../../dist/tab',
    emptyOutDir: true,
    target: 'es2023',
    manifest: true,
    // The service serves these pages under the same names, without `.html`.
    rolldownOptions: {
      input: {
        tab: 'src/tab/index.html',
        configure: 'src/tab/configure.html',
        'consent-end': 'src/tab/consent-end.html',
        'sign-in-redirect': 'src/tab/sign-in-redirect.html',
      },
    },
  },
  test: {
    root: '.',
    // As the service sets it (src/service/v8-flags.ts).
    execArgv: ['--no-wasm-code-gc'],
    reporters: ['default', new PlainSummary()],
    projects: [
      {
        extends: true,
        root: '.',
        test: { ...node, name: 'unit', include: ['src/{domain,contract,service,sandbox,cli,bench}/**/*.test.ts'] },
      },
      {
        extends: true,
        root: '.',
        test: {
          name: 'component',
          environment: 'jsdom',
          include: ['src/tab/**/*.test.{ts,tsx}'],
          setupFiles: ['tests/support/component.ts'],
          testTimeout: 30_000,
        },
      },
      ...['contract', 'sandbox', 'service'].map((name) => ({
        extends: true as const,
        root: '.',
        test: { ...node, name, include: [`tests/${name}/**/*.test.ts`] },
      })),
      {
        extends: true,
        root: '.',
        test: {
          ...node,
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          // One browser and one service at a time: two cores carry no more.
          fileParallelism: false,
          testTimeout: 120_000,
        },
      },
    ],
  },
}));
