import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components';
import { OpenRegular } from '@fluentui/react-icons/svg/open';
import { useState } from 'react';
import { ApiError } from '../api/api-error.ts';
import { useSignIn } from '../auth/sign-in-context.ts';
import { SignInFailure } from '../auth/sign-in-failure.ts';
import { useFormat, useTexts } from '../texts/texts-context.tsx';
import { ErrorBar } from './ErrorBar.tsx';

interface Mutation<Variables> {
  readonly error: unknown;
  readonly variables: Variables | undefined;
  mutate(variables: Variables): void;
}

const useStyles = makeStyles({
  body: { display: 'grid', gap: tokens.spacingVerticalXXS },
  quiet: { color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
});

/** What kept a command from being done. Where Microsoft has to ask the admin first, the question is one click away. */
export function CommandErrorBar<Variables>({ mutation }: { mutation: Mutation<Variables> }) {
  const { error } = mutation;
  if (!error) return null;
  const repeat = () => mutation.mutate(mutation.variables as Variables);
  const scopes = scopesOf(error);
  if (error instanceof ApiError && scopes) return <AllowBar error={error} scopes={scopes} onAllowed={repeat} />;
  // A refusal is an answer: the same request would get it again.
  const isRefusal = error instanceof ApiError && error.status < 500;
  return <ErrorBar error={error} onTryAgain={isRefusal ? undefined : repeat} />;
}

interface AllowProps {
  readonly error: ApiError;
  readonly scopes: readonly string[];
  readonly onAllowed: () => void;
}

function AllowBar({ error, scopes, onAllowed }: AllowProps) {
  const styles = useStyles();
  const texts = useTexts();
  const words = texts.scope.permissionNeeded;
  const { list } = useFormat();
  const { getGraphToken } = useSignIn();
  const [failure, setFailure] = useState<SignInFailure>();
  const failed = failure && texts.signIn.failures[failure.kind];

  const allow = async () => {
    setFailure(undefined);
    try {
      await getGraphToken?.(scopes, { mayAsk: true });
      onAllowed();
    } catch (reason) {
      setFailure(reason instanceof SignInFailure ? reason : new SignInFailure('unexpected', String(reason)));
    }
  };
  return (
    <MessageBar intent="warning">
      <MessageBarBody className={styles.body}>
        <MessageBarTitle>{error.title}</MessageBarTitle>
        <Text>{getGraphToken ? error.remedy : words.elsewhere}</Text>
        <Text size={200} className={styles.quiet}>
          {words.permission(list(scopes))}
        </Text>
        {failed && (
          <Text role="alert">
            {failed.title}. {failed.next}
          </Text>
        )}
      </MessageBarBody>
      {getGraphToken && (
        <MessageBarActions>
          <Button appearance="primary" icon={<OpenRegular />} onClick={allow}>
            {words.allow}
          </Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}

/** The permissions that Microsoft has to ask for, as the service names them. */
function scopesOf(error: unknown): readonly string[] | undefined {
  if (!(error instanceof ApiError) || error.code !== 'scope.sign_in_needed') return undefined;
  const { scopes } = error.details;
  const isList = Array.isArray(scopes) && scopes.length > 0 && scopes.every((scope) => typeof scope === 'string');
  return isList ? scopes : undefined;
}
