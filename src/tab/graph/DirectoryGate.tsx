import { Button, makeStyles, Spinner, Text, tokens } from '@fluentui/react-components';
import { type ReactNode, useState } from 'react';
import { SignInFailure } from '../auth/sign-in-failure.ts';
import { useTexts } from '../texts/texts-context.tsx';
import type { Directory } from './directory.ts';
import { useDirectory } from './use-directory.ts';

interface Props {
  readonly scopes: readonly string[];
  readonly children: (directory: Directory) => ReactNode;
}

const useStyles = makeStyles({
  root: { display: 'grid', justifyItems: 'start', gap: tokens.spacingVerticalM, paddingBlock: tokens.spacingVerticalL },
});

/** The directory search, once Microsoft allows it; the permission is asked for only here. */
export function DirectoryGate({ scopes, children }: Props) {
  const styles = useStyles();
  const texts = useTexts();
  const { directory, isPending, error, ask } = useDirectory(scopes);
  const [failure, setFailure] = useState<SignInFailure>();
  if (directory) return children(directory);
  if (isPending) return <Spinner size="small" label={texts.boot.starting} />;

  const allow = () => {
    setFailure(undefined);
    ask().catch((reason: unknown) =>
      setFailure(reason instanceof SignInFailure ? reason : new SignInFailure('unexpected', String(reason))),
    );
  };
  // Before the first click the only news is that Microsoft wants to ask; afterwards, why it did not work.
  const shown = failure ?? (error instanceof SignInFailure && error.kind === 'offline' ? error : undefined);
  const words = shown && texts.signIn.failures[shown.kind];
  return (
    <div className={styles.root}>
      {words && (
        <Text role="alert">
          {words.title}. {words.next}
        </Text>
      )}
      <Text>{texts.addUsers.needsPermission}</Text>
      <Button appearance="primary" onClick={allow}>
        {texts.addUsers.allow}
      </Button>
    </div>
  );
}
