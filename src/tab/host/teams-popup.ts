import { authentication } from '@microsoft/teams-js';

/**
 * Lets Teams open a window and waits until it ends. Needs a click.
 * @param url absolute, https, of this tab's own origin: Teams refuses anything else
 * @throws what Teams says, such as `CancelledByUser` or `FailedToOpenWindow`
 */
export async function openTeamsPopup(url: string): Promise<void> {
  await authentication.authenticate({ url, width: 600, height: 680 });
}
