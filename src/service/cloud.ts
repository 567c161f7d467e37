/**
 * Microsoft's clouds: where Entra, Graph, Exchange and Teams answer.
 * @see Microsoft Learn, National clouds; Microsoft Graph national cloud deployments
 */
export const cloudNames = ['public', 'gcc', 'gcchigh', 'dod', 'china'] as const;
export type CloudName = (typeof cloudNames)[number];

/** One cloud: origins without a trailing slash. Tokens of one cloud mean nothing in another. */
export interface Cloud {
  readonly authorityHost: string;
  /** Root of Microsoft Graph without version. */
  readonly graphEndpoint: string;
  readonly exchangeEndpoint: string;
  /** Application ID URI of Office 365 Exchange Online: tokens are asked for by it, wherever Exchange answers. */
  readonly exchangeResource: string;
  /** `-ExchangeEnvironmentName` of Connect-ExchangeOnline. */
  readonly exchangeEnvironment: string;
  /** Origins that may frame the tab beside the list every tab needs, and that teams-js must be told about. */
  readonly teamsOrigins: readonly string[];
  /** Shown in the tab when it is not one of Microsoft's clouds. */
  readonly label?: string;
}

const publicCloud: Cloud = {
  authorityHost: 'https://login.microsoftonline.com',
  graphEndpoint: 'https://graph.microsoft.com',
  exchangeEndpoint: 'https://outlook.office365.com',
  exchangeResource: 'https://outlook.office365.com',
  exchangeEnvironment: 'O365Default',
  teamsOrigins: [],
};

export const clouds: Readonly<Record<CloudName, Cloud>> = {
  public: publicCloud,
  // GCC uses the worldwide endpoints.
  gcc: publicCloud,
  gcchigh: {
    authorityHost: 'https://login.microsoftonline.us',
    graphEndpoint: 'https://graph.microsoft.us',
    exchangeEndpoint: 'https://outlook.office365.us',
    exchangeResource: 'https://outlook.office365.us',
    exchangeEnvironment: 'O365USGovGCCHigh',
    teamsOrigins: ['https://gov.teams.microsoft.us'],
  },
  dod: {
    authorityHost: 'https://login.microsoftonline.us',
    graphEndpoint: 'https://dod-graph.microsoft.us',
    exchangeEndpoint: 'https://webmail.apps.mil',
    exchangeResource: 'https://webmail.apps.mil',
    exchangeEnvironment: 'O365USGovDoD',
    teamsOrigins: ['https://dod.teams.microsoft.us'],
  },
  china: {
    authorityHost: 'https://login.partner.microsoftonline.cn',
    graphEndpoint: 'https://microsoftgraph.chinacloudapi.cn',
    exchangeEndpoint: 'https://partner.outlook.cn',
    exchangeResource: 'https://partner.outlook.cn',
    exchangeEnvironment: 'O365China',
    teamsOrigins: ['https://teams.microsoftonline.cn'],
  },
};

/** Whether every endpoint belongs to Microsoft: the only ones that production accepts. */
export function isOfMicrosoft(cloud: Cloud): boolean {
  const known = Object.values(clouds);
  return (
    known.some((one) => one.authorityHost === cloud.authorityHost) &&
    known.some((one) => one.graphEndpoint === cloud.graphEndpoint) &&
    known.some((one) => one.exchangeEndpoint === cloud.exchangeEndpoint)
  );
}
