import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import type { GrantFailure } from '../../graph/app-role-grants.ts';
import type { Texts } from '../../texts/en.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';

/** Why Microsoft did not do it, and the one thing to do next. */
export function GrantFailureBar({ failure }: { failure: GrantFailure }) {
  const texts = useTexts();
  const { title, next } = wordsOf(failure, texts);
  return (
    <MessageBar intent="error" politeness="assertive" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{title}</MessageBarTitle>
        {next} {failure.technical && <CopyButton text={failure.technical} label={texts.common.copyTechnicalDetails} />}
      </MessageBarBody>
    </MessageBar>
  );
}

function wordsOf(failure: GrantFailure, { consent, signIn }: Texts): { title: string; next: string } {
  if (failure.problem !== 'sign_in') return consent.roles.failure[failure.problem];
  switch (failure.kind) {
    case 'declined':
      return consent.roles.refused;
    case 'popup_blocked':
      return consent.popupBlocked;
    case 'consent_required':
    case 'interaction_required':
      return consent.roles.consentNeeded;
    default:
      return signIn.failures[failure.kind];
  }
}
