import type { Organization } from '../../../../contract/organizations.ts';
import type { CheckId } from '../../../../domain/ids.ts';
import type { Texts } from '../../../texts/en.ts';

/** What can be done to several organizations at once, in the order of the bar. */
export const organizationCommands = ['check', 'enableSync', 'disableSync'] as const;
export type OrganizationCommand = (typeof organizationCommands)[number];

/** What became of one organization of a command. */
export type CommandOutcome =
  | { readonly state: 'waiting' | 'running' | 'unchanged' | 'stopped' | 'done' }
  | { readonly state: 'checking'; readonly mailboxes: number; readonly isJoined: boolean; readonly checkId: CheckId }
  | { readonly state: 'refused'; readonly error: unknown };

/**
 * Why a command makes no sense for any of the organizations; undefined when it does for one. Of the others the service says
 * what stands in their way.
 */
export function whyNotOrganizations(
  command: OrganizationCommand,
  organizations: readonly Organization[],
  whyNot: Pick<Texts['organizations']['whyNot'], 'notGraph' | 'noUsers' | 'enabled' | 'disabled'>,
): string | undefined {
  const nobody = (isPossible: (organization: Organization) => boolean) => !organizations.some(isPossible);
  switch (command) {
    case 'check':
      if (nobody(({ connectionType }) => connectionType === 'graph_app_only')) return whyNot.notGraph;
      return nobody(({ userCount }) => userCount > 0) ? whyNot.noUsers : undefined;
    case 'enableSync':
      return nobody(({ syncEnabled }) => !syncEnabled) ? whyNot.enabled : undefined;
    case 'disableSync':
      return nobody(({ syncEnabled }) => syncEnabled) ? whyNot.disabled : undefined;
  }
}
