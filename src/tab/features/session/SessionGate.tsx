import type { ReactNode } from 'react';
import { ApiError, ServiceUnreachable } from '../../api/api-error.ts';
import { SignInFailurePage } from '../../auth/SignInFailurePage.tsx';
import { SignInFailure, type SignInFailureKind } from '../../auth/sign-in-failure.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { StartingPage } from '../../ui/StartingPage.tsx';
import { useSession } from './use-session.ts';

/** Lets in whom the service knows as an admin; everybody else learns why not. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { common } = useTexts();
  const session = useSession();
  if (session.data) return children;
  if (!session.error || session.isFetching) return <StartingPage lateText={common.stillLoading} />;
  return (
    <SignInFailurePage
      kind={kindOf(session.error)}
      technical={technicalOf(session.error)}
      onTryAgain={() => void session.refetch()}
    />
  );
}

function kindOf(error: unknown): SignInFailureKind {
  if (error instanceof SignInFailure) return error.kind;
  if (error instanceof ServiceUnreachable) return 'service_unreachable';
  if (!(error instanceof ApiError)) return 'unexpected';
  if (error.code === 'admin.role_missing') return 'not_an_admin';
  if (error.code === 'tenant.not_onboarded') return 'tenant_not_set_up';
  return error.status >= 500 ? 'service_unreachable' : 'service_refused';
}

function technicalOf(error: unknown): string {
  if (error instanceof ApiError) return `${error.code} · ${error.requestId}`;
  return error instanceof Error ? error.message : String(error);
}
