import { pages } from '@microsoft/teams-js';

/** Opens Teams' dialog with a link to this place of the tab. */
export function shareTeamsLink(subPageId: string, label: string): void {
  pages.shareDeepLink({ subPageId, subPageLabel: label });
}
