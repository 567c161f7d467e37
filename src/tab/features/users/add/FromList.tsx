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
import { useTexts } from '../../../texts/texts-context.tsx';
import type { Chosen } from './AddUsersForm.tsx';
import { type ChosenFile, peopleIn } from './chosen-file.ts';
import { FromFile } from './FromFile.tsx';
import { readPastedList } from './pasted-list.ts';

const useStyles = makeStyles({ root: { display: 'grid', gap: tokens.spacingVerticalM } });

interface Props {
  readonly file: ChosenFile | undefined;
  readonly onFile: (file: ChosenFile) => void;
  readonly onChoose: (chosen: Chosen) => void;
}

/** Where the host gives no token for Microsoft Graph: a list from Entra's own export, pasted or as a file. */
export function FromList({ file, onFile, onChoose }: Props) {
  const styles = useStyles();
  const { addUsers: words, signIn } = useTexts();
  const [text, setText] = useState('');
  const { wrongLine } = readPastedList(text);

  const choose = (pasted: string, from: ChosenFile | undefined) => {
    const { people, wrongLine: isWrong } = readPastedList(pasted);
    const all = [...peopleIn(from), ...(isWrong ? [] : people)];
    onChoose(new Map(all.map((person) => [person.id, person])));
  };
  return (
    <div className={styles.root}>
      <MessageBar intent="info">
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
            choose(value, file);
          }}
        />
      </Field>
      <FromFile
        file={file}
        onFile={(next) => {
          onFile(next);
          choose(text, next);
        }}
      />
    </div>
  );
}
