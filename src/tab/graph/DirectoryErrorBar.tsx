import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { SignInFailure } from '../auth/sign-in-failure.ts';
import { useTexts } from '../texts/texts-context.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';

/** A failed call of Microsoft Graph, with what Microsoft's support asks for. */
export function DirectoryErrorBar({ error, onTryAgain }: { error: unknown; onTryAgain: () => void }) {
  const { addUsers, common, signIn } = useTexts();
  const technical = technicalOf(error);
  const remedy = error instanceof SignInFailure ? signIn.failures[error.kind].next : addUsers.failedRemedy;
  return (
    <MessageBar intent="error">
      <MessageBarBody>
        <MessageBarTitle>{addUsers.failed}</MessageBarTitle>
        {remedy} {technical && <CopyButton text={technical} label={common.copyTechnicalDetails} />}
      </MessageBarBody>
      <MessageBarActions>
        <Button onClick={onTryAgain}>{common.tryAgain}</Button>
      </MessageBarActions>
    </MessageBar>
  );
}

/** The Graph client's errors carry status, code and Microsoft's request id. */
function technicalOf(error: unknown): string {
  const { statusCode, code, requestId } = error as { statusCode?: number; code?: string; requestId?: string };
  return [statusCode && statusCode > 0 && `HTTP ${statusCode}`, code, requestId].filter(Boolean).join(' · ');
}
