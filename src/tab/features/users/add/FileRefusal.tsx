import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { useTexts } from '../../../texts/texts-context.tsx';
import type { FileProblem } from './csv-text.ts';

interface Props {
  readonly problem: FileProblem;
  readonly line: number | undefined;
}

/** Why nothing was taken from a file, and what to do. */
export function FileRefusal({ problem, line }: Props) {
  const words = useTexts().addUsers.file;
  return (
    <MessageBar intent="error" politeness="assertive">
      <MessageBarBody>
        <MessageBarTitle>{words.refused}</MessageBarTitle>
        {line === undefined ? '' : words.inLine(line)} {words.problem[problem]}
      </MessageBarBody>
    </MessageBar>
  );
}
