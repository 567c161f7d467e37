import { readConfiguration } from './configuration.ts';
import { offerTeamTab } from './host/teams-configure.ts';

const url = new URL('/', window.location.href).href;

offerTeamTab(readConfiguration(document)?.teamsOrigins ?? [], {
  url,
  name: 'Mailbox Access',
  entityId: 'overview',
}).then(
  () => say('Choose Save to add the tab.'),
  () => say('Microsoft Teams did not answer. Add this tab from a channel in Microsoft Teams.'),
);

function say(text: string): void {
  const state = document.getElementById('state');
  if (state) state.textContent = text;
}
