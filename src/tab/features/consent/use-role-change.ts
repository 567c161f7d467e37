import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Consent } from '../../../contract/consent.ts';
import { graphAppId } from '../../../domain/consent/app-role.ts';
import type { AppRoleGrant, GrantFailure } from '../../graph/app-role-grants.ts';
import { useAppRoleGrants } from '../../graph/use-app-role-grants.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { useToast } from '../../ui/toast.tsx';
import type { useConsent } from './use-consent.ts';

/** A permission as the table shows it: of the service's last verification, or of the admin's own list. */
export interface PermissionRow {
  readonly permission: string;
  readonly capability: Consent['permissions'][number]['capability'];
  readonly state: Consent['permissions'][number]['state'];
  /** The API that defines it; absent where the service has named it by its value alone. */
  readonly resourceAppId?: string;
  /** Named where it is not Microsoft Graph. */
  readonly resourceName?: string;
}

export interface RoleChange {
  readonly verb: 'grant' | 'remove';
  readonly row: PermissionRow;
}

/**
 * Grants and removes single permissions with the admin's own token, here in the browser. Whatever Microsoft answered,
 * the service is told and verifies: only that becomes the state.
 */
export function useRoleChange({ verify }: ReturnType<typeof useConsent>) {
  const { roles: words } = useTexts().consent;
  const toast = useToast();
  const queries = useQueryClient();
  const grants = useAppRoleGrants();
  const [asked, setAsked] = useState<RoleChange>();
  const [failure, setFailure] = useState<GrantFailure>();
  const [listed, setListed] = useState<readonly AppRoleGrant[]>();
  const [listFailure, setListFailure] = useState<GrantFailure>();

  const change = useMutation({
    mutationFn: async ({ verb, row }: RoleChange) => {
      if (!grants) return;
      const { permission, resourceAppId } = row;
      const role = { permission, ...(resourceAppId ? { resourceAppId } : {}) };
      const result =
        verb === 'grant'
          ? await grants.grantRoles([{ permission, resourceAppId: resourceAppId ?? graphAppId }])
          : await grants.revokeRoles([role]);
      setFailure(result.failure);
      if (result.failure) return;

      setAsked(undefined);
      if (verb === 'remove') setListed((known) => known?.filter((grant) => grant.permission !== permission));
      const isNews = result.changed.length > 0;
      const say = isNews ? (verb === 'grant' ? words.granted : words.removed) : words.unchanged;
      toast(say(permission), { intent: isNews ? 'success' : 'info' });
      const names = [permission];
      const changed = verb === 'grant' ? { granted: names, revoked: [] } : { granted: [], revoked: names };
      // A failed verification has its own bar; the change stays made.
      await verify.mutateAsync(isNews ? changed : undefined).catch(() => undefined);
      await queries.invalidateQueries({ queryKey: ['users'] });
    },
    onError: (error) => setFailure(unexpected(error)),
  });

  const list = useMutation({
    mutationFn: async () => {
      const answer = await grants?.list();
      setListFailure(answer?.ok === false ? answer.failure : undefined);
      if (answer?.ok) setListed(answer.grants);
    },
    onError: (error) => setListFailure(unexpected(error)),
  });

  return {
    isOffered: grants !== undefined,
    asked,
    ask: (next: RoleChange) => {
      setFailure(undefined);
      setAsked(next);
    },
    confirm: () => asked && change.mutate(asked),
    cancel: () => setAsked(undefined),
    isPending: change.isPending,
    failure,
    listed,
    list: () => list.mutate(),
    isListing: list.isPending,
    listFailure,
  };
}

function unexpected(error: unknown): GrantFailure {
  return { problem: 'unexpected', technical: error instanceof Error ? error.name : String(error) };
}
