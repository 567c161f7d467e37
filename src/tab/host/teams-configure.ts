import { app, pages } from '@microsoft/teams-js';
import { within } from './within.ts';

/**
 * Lets an owner add the tab to a team: there is nothing to choose, so saving is possible at once.
 * @param tab the page the team will see
 */
export async function offerTeamTab(
  teamsOrigins: readonly string[],
  tab: { readonly url: string; readonly name: string; readonly entityId: string },
): Promise<void> {
  await within(4_000, 'Microsoft Teams', app.initialize([...teamsOrigins]));
  pages.config.registerOnSaveHandler((event) => {
    pages.config
      .setConfig({ contentUrl: tab.url, websiteUrl: tab.url, suggestedDisplayName: tab.name, entityId: tab.entityId })
      .then(
        () => event.notifySuccess(),
        (error: unknown) => event.notifyFailure(String(error)),
      );
  });
  pages.config.setValidityState(true);
  await app.notifySuccess();
}
