import {
  Field,
  Link,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  Textarea,
  tokens,
} from '@fluentui/react-components';
import { useState } from 'react';
import { useTexts } from '../../texts/texts-context.tsx';
import type { Chosen } from './AddUsersWizard.tsx';
import { readPastedList } from './pasted-list.ts';

const useStyles = makeStyles({ root: { display: 'grid', gap: tokens.spacingVerticalM } });

/** Where the host gives no token for Microsoft Graph: a list from Entra's own export, pasted. */
export function FromList({ onChoose }: { readonly onChoose: (chosen: Chosen) => void }) {
  const styles = useStyles();
  const { addUsers: words, signIn } = useTexts();
  const [text, setText] = useState('');
  const { wrongLine } = readPastedList(text);

  const choose = (pasted: string) => {
    const { people, wrongLine: isWrong } = readPastedList(pasted);
    onChoose(new Map((isWrong ? [] : people).map((person) => [person.id, person])));
  };
  return (
    <div className={styles.root}>
      <MessageBar intent="info" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{words.noDirectory}</MessageBarTitle>
          {words.noDirectoryText}{' '}
          <Link href={window.location.href} target="_blank" rel="noopener noreferrer">
            {signIn.openInBrowser}
          </Link>
        </MessageBarBody>
      </MessageBar>
      <Field
        label={words.pasteLabel}
        hint={words.pasteHint}
        validationMessage={wrongLine ? words.pasteInvalid(wrongLine) : undefined}
        validationState={wrongLine ? 'error' : 'none'}
      >
        <Textarea
          rows={8}
          value={text}
          spellCheck={false}
          onChange={(_, { value }) => {
            setText(value);
            choose(value);
          }}
        />
      </Field>
    </div>
  );
}
