import { useQuery } from '@tanstack/react-query';
import { getMailboxAccess } from '../../../../contract/mailbox-scope.ts';
import type { UserId } from '../../../../domain/ids.ts';
import { useApi } from '../../../api/api-context.ts';

/** By which paths the application reaches a mailbox, or why it does not. */
export function useMailboxAccess(userId: UserId) {
  const api = useApi();
  return useQuery({
    queryKey: ['users', 'access', userId],
    queryFn: ({ signal }) => api.call(getMailboxAccess, { params: { userId } }, { signal }),
  });
}
