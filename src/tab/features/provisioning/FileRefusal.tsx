import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import type { Provisioning } from '../../../contract/provisioning.ts';
import { useTexts } from '../../texts/texts-context.tsx';

/** Why nothing was taken from a file, and what to do. */
export function FileRefusal({ problem, line }: NonNullable<Provisioning['refusal']>) {
  const words = useTexts().addUsers.file;
  return (
    <MessageBar intent="error" politeness="assertive" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{words.refused}</MessageBarTitle>
        {line === null ? '' : words.inLine(line)} {words.problem[problem]}
      </MessageBarBody>
    </MessageBar>
  );
}
