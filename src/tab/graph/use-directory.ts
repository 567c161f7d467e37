import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSignIn } from '../auth/sign-in-context.ts';
import { useConfiguration } from '../configuration-context.ts';
import type { Directory } from './directory.ts';

/**
 * The directory as the signed-in admin may read it. The Graph client loads with the first use.
 * @returns `isOffered: false` where the host gives no token for Microsoft Graph
 */
export function useDirectory(scopes: readonly string[]) {
  const { getGraphToken } = useSignIn();
  const { graphEndpoint } = useConfiguration();
  const queries = useQueryClient();
  const permission = useQuery({
    queryKey: ['directory', 'permission', scopes],
    queryFn: async (): Promise<Directory | null> => {
      if (!getGraphToken) return null;
      await getGraphToken(scopes, { mayAsk: false });
      const { createDirectory } = await import('./directory.ts');
      return createDirectory(graphEndpoint, () => getGraphToken(scopes, { mayAsk: false }));
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

  /** From a click: Microsoft may open a window and ask. */
  const ask = async () => {
    await getGraphToken?.(scopes, { mayAsk: true });
    await queries.invalidateQueries({ queryKey: ['directory', 'permission'] });
  };
  return {
    isOffered: getGraphToken !== undefined,
    directory: permission.data ?? undefined,
    isPending: permission.isPending,
    error: permission.error,
    ask,
  };
}
