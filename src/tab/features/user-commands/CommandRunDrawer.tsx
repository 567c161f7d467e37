import type { ReactNode } from 'react';
import type { UserCommandResult, UserCommandRun } from '../../../contract/user-commands.ts';
import type { CommandRunId } from '../../../domain/ids.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { QueryView } from '../../ui/QueryView.tsx';
import { RunDrawerFrame } from '../../ui/RunDrawerFrame.tsx';
import { CommandRunView } from './CommandRunView.tsx';
import { useCommandRun } from './use-command-runs.ts';

interface Props {
  readonly runId: CommandRunId;
  /** The way to a user of the results. */
  readonly userLinkOf: (result: UserCommandResult) => ReactNode;
  /** The words for whom the run is. */
  readonly filterWordsOf: (filter: NonNullable<UserCommandRun['filter']>) => string;
  readonly onClose: () => void;
}

/** A command over users, over the page it was started from or told on. */
export function CommandRunDrawer({ runId, userLinkOf, filterWordsOf, onClose }: Props) {
  const { users, userCommands: words } = useTexts();
  const query = useCommandRun(runId);
  return (
    <RunDrawerFrame title={query.data ? users.commands[query.data.command] : words.title} onClose={onClose}>
      <QueryView query={query}>
        {(run) => <CommandRunView run={run} userLinkOf={userLinkOf} filterWordsOf={filterWordsOf} />}
      </QueryView>
    </RunDrawerFrame>
  );
}
