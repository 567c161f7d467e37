import { QueryClient } from '@tanstack/react-query';
import { ServiceUnreachable } from './api-error.ts';

/** Nothing asks the service about the same thing more often than this. */
export const pollEveryMs = 1_000;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        gcTime: 10 * 60_000,
        // A refusal is an answer; only a service that was not there is asked once more.
        retry: (failures, error) => error instanceof ServiceUnreachable && failures < 1,
        retryDelay: 1_000,
      },
      mutations: { retry: false },
    },
  });
}
