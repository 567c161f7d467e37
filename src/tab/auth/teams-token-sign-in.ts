import { getTeamsToken } from '../host/teams-sign-in.ts';
import { within } from '../host/within.ts';
import { limits, type SignIn } from './sign-in.ts';
import { failureOfTeams } from './teams-failure.ts';

/** The token Teams itself gives for our API: for hosts without nested app authentication. It opens nothing in Graph. */
export function createTeamsTokenSignIn(): SignIn {
  const get = async (silent: boolean) => {
    try {
      return await within(silent ? limits.silent : limits.asked, 'Microsoft Teams', getTeamsToken({ silent }));
    } catch (error) {
      throw failureOfTeams(error);
    }
  };
  return {
    way: 'teams',
    getApiToken: () => get(true),
    askByClick: async () => void (await get(false)),
  };
}
