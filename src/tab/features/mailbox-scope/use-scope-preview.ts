import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type lists, type mechanisms, previewMailboxScope, startScopeChange } from '../../../contract/mailbox-scope.ts';
import type { GroupId } from '../../../domain/ids.ts';
import { useApi } from '../../api/api-context.ts';
import { queryOf, useShownApplication } from '../../shown-application.ts';
import { showChange } from './use-mailbox-scope.ts';

/** A limit as the admin wants it. */
export interface WantedLimit {
  readonly mechanism: (typeof mechanisms)[number];
  readonly list: (typeof lists)[number];
  readonly groupId: GroupId;
  readonly includeNested: boolean;
}

/** What a limit would change, and how to plan it. Nothing is changed in Exchange by either. */
export function useScopePreview() {
  const api = useApi();
  const queries = useQueryClient();
  const application = useShownApplication();
  const query = queryOf(application);
  const preview = useMutation({ mutationFn: (body: WantedLimit) => api.call(previewMailboxScope, { query, body }) });
  const plan = useMutation({
    mutationFn: (body: WantedLimit) => api.call(startScopeChange, { query, body }),
    onSuccess: (change) => showChange(queries, application, change),
  });
  return { preview, plan };
}
