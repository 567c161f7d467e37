import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import type { OrganizationId, ProvisioningId } from '../../../domain/ids.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { useOpenProvisionings } from './use-provisioning.ts';

interface Props {
  readonly organizationId: OrganizationId | undefined;
  readonly onOpen: (id: ProvisioningId) => void;
}

const shown = 3;

/** What was begun and not ended, by anybody: it waits here, whatever happened to the page. */
export function OpenProvisionings({ organizationId, onOpen }: Props) {
  const { addUsers: words } = useTexts();
  const { data: open = [] } = useOpenProvisionings(organizationId);
  return open.slice(0, shown).map((provisioning) => {
    const { id, source, state, file, startedBy } = provisioning;
    const name = file?.name ?? words.sourceName[source];
    return (
      <MessageBar key={id} intent="info" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{name}</MessageBarTitle>
          {words.begunBy(startedBy.displayName)} {words.state[state]}.
        </MessageBarBody>
        <MessageBarActions>
          <Button aria-label={`${words.open}: ${name}`} onClick={() => onOpen(id)}>
            {words.open}
          </Button>
        </MessageBarActions>
      </MessageBar>
    );
  });
}
