import { Button, Link, makeStyles, Spinner, Subtitle1, Text, tokens } from '@fluentui/react-components';
import { PersonProhibitedRegular } from '@fluentui/react-icons/svg/person-prohibited';
import { useState } from 'react';
import { useTexts } from '../texts/texts-context.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { canAskByClick, type SignInFailureKind } from './sign-in-failure.ts';

interface Props {
  readonly kind: SignInFailureKind;
  readonly technical: string;
  /** Lets Microsoft ask; absent where a click cannot help. */
  readonly onSignIn?: (() => Promise<void>) | undefined;
  readonly onTryAgain: () => void;
}

const useStyles = makeStyles({
  root: {
    display: 'grid',
    justifyItems: 'center',
    alignContent: 'center',
    gap: tokens.spacingVerticalL,
    minHeight: '80vh',
    padding: tokens.spacingHorizontalXXL,
    textAlign: 'center',
  },
  icon: { fontSize: '48px', color: tokens.colorNeutralForeground3 },
  words: { display: 'grid', gap: tokens.spacingVerticalS, maxWidth: '480px' },
  cause: { color: tokens.colorNeutralForeground2 },
  actions: { display: 'flex', flexWrap: 'wrap', justifyContent: 'center', gap: tokens.spacingHorizontalS },
  technical: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    maxWidth: '480px',
    color: tokens.colorNeutralForeground3,
    overflowWrap: 'anywhere',
  },
});

/** One screen per failure: the cause, one next step, and what to tell whoever helps. */
export function SignInFailurePage({ kind, technical, onSignIn, onTryAgain }: Props) {
  const styles = useStyles();
  const { common, signIn } = useTexts();
  const [isAsking, setAsking] = useState(false);
  const words = signIn.failures[kind];
  const ask = canAskByClick(kind) ? onSignIn : undefined;

  const handleSignIn = async (start: () => Promise<void>) => {
    setAsking(true);
    await start();
    setAsking(false);
  };

  return (
    <main className={styles.root}>
      <PersonProhibitedRegular className={styles.icon} />
      <div className={styles.words} role="alert">
        <Subtitle1 as="h1" align="center">
          {words.title}
        </Subtitle1>
        <Text className={styles.cause} align="center">
          {words.cause}
        </Text>
        <Text weight="semibold" align="center">
          {words.next}
        </Text>
      </div>
      <div className={styles.actions}>
        {ask && (
          <Button
            appearance="primary"
            disabledFocusable={isAsking}
            icon={isAsking ? <Spinner size="tiny" /> : null}
            onClick={() => handleSignIn(ask)}
          >
            {signIn.signIn}
          </Button>
        )}
        <Button appearance={ask ? 'secondary' : 'primary'} onClick={onTryAgain}>
          {common.tryAgain}
        </Button>
      </div>
      {(kind === 'silent_host' || kind === 'bridge_broken') && (
        <Link href={window.location.href} target="_blank" rel="noopener noreferrer">
          {signIn.openInBrowser}
        </Link>
      )}
      {technical && (
        <div className={styles.technical}>
          <Text size={200} font="monospace">
            {technical}
          </Text>
          <CopyButton text={technical} label={common.copyTechnicalDetails} />
        </div>
      )}
    </main>
  );
}
