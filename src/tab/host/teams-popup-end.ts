import { app, authentication } from '@microsoft/teams-js';
import { within } from './within.ts';

/**
 * Ends a window that Teams opened; Teams closes it.
 * @throws when Teams did not open this window, or can no longer be reached from it
 */
export async function endTeamsPopup(teamsOrigins: readonly string[]): Promise<void> {
  await within(4_000, 'Microsoft Teams', app.initialize([...teamsOrigins]));
  // Never anything secret: another app could have opened this page.
  authentication.notifySuccess('done');
}
