import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { TabConfiguration } from '../../contract/tab-configuration.ts';
import { createApi } from '../api/api.ts';
import { ApiContext } from '../api/api-context.ts';
import { createQueryClient } from '../api/query-client.ts';
import type { SignIn } from '../auth/sign-in.ts';
import { SignInContext } from '../auth/sign-in-context.ts';
import { ConfigurationContext } from '../configuration-context.ts';
import { SessionGate } from '../features/session/SessionGate.tsx';
import type { Host } from '../host/host.ts';
import { HostContext } from '../host/host-context.ts';
import { followTeamsResume } from '../host/teams-lifecycle.ts';
import { openSubPage } from '../open-sub-page.ts';
import { Pages } from './Pages.tsx';

interface Props {
  readonly configuration: TabConfiguration;
  readonly host: Host;
  readonly signIn: SignIn;
}

/** The application, once it is known who uses it. */
export function SignedIn({ configuration, host, signIn }: Props) {
  const api = useMemo(() => createApi(signIn.getApiToken), [signIn]);
  const queries = useMemo(() => createQueryClient(), []);
  useEffect(() => {
    if (host.kind !== 'teams') return;
    followTeamsResume(host, (subPageId) => {
      openSubPage(subPageId);
      void queries.invalidateQueries();
    });
  }, [host, queries]);

  return (
    <HostContext value={host}>
      <ConfigurationContext value={configuration}>
        <SignInContext value={signIn}>
          <ApiContext value={api}>
            <QueryClientProvider client={queries}>
              <SessionGate>
                <Pages />
              </SessionGate>
            </QueryClientProvider>
          </ApiContext>
        </SignInContext>
      </ConfigurationContext>
    </HostContext>
  );
}
