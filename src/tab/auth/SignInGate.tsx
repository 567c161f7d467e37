import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { TabConfiguration } from '../../contract/tab-configuration.ts';
import type { Host } from '../host/host.ts';
import { StartingPage } from '../ui/StartingPage.tsx';
import { SignInFailurePage } from './SignInFailurePage.tsx';
import type { SignIn } from './sign-in.ts';
import { SignInFailure } from './sign-in-failure.ts';
import { type SignInOutcome, startSignIn, waysOf } from './sign-in-ladder.ts';

interface Props {
  readonly configuration: TabConfiguration;
  readonly host: Host;
  readonly children: (signIn: SignIn) => ReactNode;
}

/** Signs in, or says why not. */
export function SignInGate({ configuration, host, children }: Props) {
  const [outcome, setOutcome] = useState<SignInOutcome>();

  const start = useCallback(() => {
    setOutcome(undefined);
    void startSignIn(host, waysOf(configuration)).then(setOutcome);
  }, [host, configuration]);
  useEffect(start, [start]);

  if (!outcome) return <StartingPage />;
  const { signIn, failure } = outcome;
  if (!failure) return children(signIn);

  const askByClick = async (way: SignIn) => {
    try {
      await way.askByClick();
      setOutcome({ signIn: way });
    } catch (error) {
      setOutcome({ signIn: way, failure: error instanceof SignInFailure ? error : failure });
    }
  };
  return (
    <SignInFailurePage
      kind={failure.kind}
      technical={failure.technical}
      onSignIn={signIn ? () => askByClick(signIn) : undefined}
      // A host that was silent at the start of the page can only be asked by starting again.
      onTryAgain={host.kind === 'silent' ? () => window.location.reload() : start}
    />
  );
}
