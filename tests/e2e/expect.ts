import { expect as playwrightExpect } from '@playwright/test';

/** Waits for a state of the page, also on a busy machine with two cores. */
export const expect = playwrightExpect.configure({ timeout: 20_000 });
