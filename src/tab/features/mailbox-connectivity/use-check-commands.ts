import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  type ConnectivityCheck,
  cancelConnectivityCheck,
  pauseConnectivityCheck,
  resumeConnectivityCheck,
  retryConnectivityCheck,
  startConnectivityCheck,
  startTenantCheck,
} from '../../../contract/mailbox-connectivity.ts';
import type { GroupId, OrganizationId, UserId } from '../../../domain/ids.ts';
import { useApi } from '../../api/api-context.ts';
import { addCheck, checkKeys, keepCheck } from './check-cache.ts';

const endpoints = {
  pause: pauseConnectivityCheck,
  resume: resumeConnectivityCheck,
  cancel: cancelConnectivityCheck,
} as const;
export type CheckCommand = keyof typeof endpoints;

/** Pauses, resumes or ends a check. */
export function useCheckCommand() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ command, check }: { command: CheckCommand; check: ConnectivityCheck }) =>
      api.call(endpoints[command], { params: { checkId: check.id }, body: {} }),
    onSuccess: (answer, { check }) => {
      const known = queries.getQueryData<ConnectivityCheck>(checkKeys.one(check.id));
      // The stream may have been faster, and then it knows more.
      if (!known || known.state === check.state) keepCheck(queries, answer);
    },
    onError: () => queries.invalidateQueries({ queryKey: checkKeys.all }),
  });
}

export interface WantedCheck {
  readonly organizationId: OrganizationId;
  /** Absent: everybody in the organization. */
  readonly userIds?: UserId[];
  readonly group?: { readonly id: GroupId; readonly displayName: string };
  readonly changeConnection?: boolean;
}

export function useStartCheck() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ organizationId, ...body }: WantedCheck) =>
      api.call(startConnectivityCheck, { params: { organizationId }, body }),
    onSuccess: ({ check }) => addCheck(queries, check),
  });
}

export function useStartTenantCheck() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { changeConnection: boolean }) => api.call(startTenantCheck, { body }),
    onSuccess: ({ check }) => {
      addCheck(queries, check);
      void queries.invalidateQueries({ queryKey: ['overview'] });
    },
  });
}

/** Checks again the mailboxes of which an ended check could not tell. */
export function useRetryCheck() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id }: ConnectivityCheck) => api.call(retryConnectivityCheck, { params: { checkId: id }, body: {} }),
    onSuccess: ({ check }) => addCheck(queries, check),
  });
}
