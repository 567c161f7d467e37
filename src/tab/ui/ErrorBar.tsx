import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  Text,
} from '@fluentui/react-components';
import { useTexts } from '../texts/texts-context.tsx';
import { CopyButton } from './CopyButton.tsx';
import { wordsOfError } from './error-words.ts';

interface Props {
  readonly error: unknown;
  readonly onTryAgain?: (() => void) | undefined;
}

const useStyles = makeStyles({
  requestId: { display: 'inline-flex', alignItems: 'center', overflowWrap: 'anywhere' },
});

/** What failed, what to do, and what to quote. */
export function ErrorBar({ error, onTryAgain }: Props) {
  const styles = useStyles();
  const texts = useTexts();
  const { title, remedy, requestId } = wordsOfError(error, texts);
  return (
    <MessageBar intent="error" politeness="assertive">
      <MessageBarBody>
        <MessageBarTitle>{title}</MessageBarTitle>
        {remedy}{' '}
        {requestId && (
          <Text size={200} className={styles.requestId}>
            {texts.common.requestId} {requestId}
            <CopyButton text={requestId} label={`${texts.common.copy} ${texts.common.requestId}`} />
          </Text>
        )}
      </MessageBarBody>
      {onTryAgain && (
        <MessageBarActions>
          <Button onClick={onTryAgain}>{texts.common.tryAgain}</Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}
