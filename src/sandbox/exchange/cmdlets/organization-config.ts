import { type Cmdlet, CmdletError } from './cmdlet.ts';

/** Exchange Web Services in the organization's configuration; the rest of the cmdlet's hundred properties is left out. */
export const organizationConfigCmdlets: Record<string, Cmdlet> = {
  'Get-OrganizationConfig': {
    parameters: ['RetrieveEwsOperationAccessPolicy'],
    run({ RetrieveEwsOperationAccessPolicy: retrieves }, { tenant, exchange: { ews }, settings }) {
      const entries = ews.allowedAppIds.split(',').filter(Boolean);
      const form = settings.ewsAllowedAppIdsForm;
      return [
        {
          Identity: tenant.domain,
          EwsEnabled: ews.enabled,
          EwsApplicationAccessPolicy: ews.applicationAccessPolicy,
          EwsAllowList: ews.allowList.length > 0 ? ews.allowList : null,
          EwsBlockList: ews.blockList.length > 0 ? ews.blockList : null,
          // Without the switch the list is not fetched.
          ...(form === 'absent'
            ? {}
            : { EwsAllowedAppIDs: retrieves !== true ? null : form === 'list' ? entries : ews.allowedAppIds || null }),
        },
      ];
    },
  },
  'Set-OrganizationConfig': {
    parameters: ['EwsEnabled', 'EwsAllowedAppIDs', 'Confirm', 'WhatIf'],
    run({ EwsEnabled: enabled, EwsAllowedAppIDs: appIds }, { exchange: { ews } }) {
      if (enabled !== undefined && typeof enabled !== 'boolean') {
        throw new CmdletError('ParameterBindingException', "Cannot bind parameter 'EwsEnabled' to the target.");
      }
      if (appIds !== undefined && typeof appIds !== 'string') {
        throw new CmdletError('ParameterBindingException', "Cannot bind parameter 'EwsAllowedAppIDs' to the target.");
      }
      if (enabled !== undefined) ews.enabled = enabled;
      // What is given takes the place of all that was there.
      if (appIds !== undefined) ews.allowedAppIds = appIds;
      return [];
    },
  },
};
