import { setFlagsFromString } from 'node:v8';

/**
 * What differs from Node's own settings, for the whole process; `vite.config.ts` does the second for the tests.
 *
 * - By itself V8 lets the heap become several times what is in use before it collects. With the first it collects at 1.4
 *   times: a run over 100,000 mailboxes holds 160 MB less, and is as fast.
 * - V8 frees WebAssembly code that it has compiled better since. Where several threads have WebAssembly, as with the
 *   embedded database, that now and then ends the process with a failed check of V8's own (nodejs/node#64500). With the
 *   second it is freed with its thread only; a run was as fast, and held as much.
 */
export function setV8Flags(): void {
  setFlagsFromString('--heap-growing-percent=40');
  setFlagsFromString('--no-wasm-code-gc');
}
