import { z } from 'zod';
import { type EwsAccess, entriesOf } from '../../domain/ews-migration/ews-access.ts';
import { type CmdletOutput, type Cmdlets, textOf } from './cmdlets.ts';

/** What Get-OrganizationConfig says of Exchange Web Services, from the script or the gateway. */
export const ewsFindings = z
  .object({
    /** Empty for a switch that was never set. */
    enabled: z.string().nullish(),
    allowedAppIds: z.unknown(),
    userAgentPolicy: z.string().nullish(),
    allowedUserAgents: z.unknown(),
    blockedUserAgents: z.unknown(),
  })
  .transform(
    ({ enabled, allowedAppIds, userAgentPolicy, allowedUserAgents, blockedUserAgents }): EwsAccess => ({
      enabled: enabled ? enabled.toLowerCase() === 'true' : null,
      allowedAppIds: entriesOf(allowedAppIds),
      userAgentPolicy:
        userAgentPolicy === 'EnforceAllowList' || userAgentPolicy === 'EnforceBlockList' ? userAgentPolicy : null,
      allowedUserAgents: textsOf(allowedUserAgents),
      blockedUserAgents: textsOf(blockedUserAgents),
    }),
  );

/** A user agent may have commas in it: these are lists, and one alone may have lost its brackets. */
function textsOf(written: unknown): string[] {
  const texts = Array.isArray(written) ? written : [written ?? ''];
  return texts.map(String).filter((text) => text !== '');
}

export interface EwsReading {
  readonly access: EwsAccess;
  /** Whether this version of Exchange shows the list at all: one that does not must not be written over. */
  readonly showsList: boolean;
}

export async function readEwsAccess(cmdlets: Cmdlets): Promise<EwsReading> {
  const [config = {}] = await cmdlets.invoke('Get-OrganizationConfig', { RetrieveEwsOperationAccessPolicy: true });
  return { access: accessFrom(config), showsList: 'EwsAllowedAppIDs' in config };
}

function accessFrom(config: CmdletOutput): EwsAccess {
  return ewsFindings.parse({
    enabled: textOf(config, 'EwsEnabled'),
    allowedAppIds: config.EwsAllowedAppIDs,
    userAgentPolicy: textOf(config, 'EwsApplicationAccessPolicy'),
    allowedUserAgents: config.EwsAllowList,
    blockedUserAgents: config.EwsBlockList,
  });
}
