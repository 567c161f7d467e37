import {
  Button,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  Dropdown,
  Field,
  makeStyles,
  Option,
  OverlayDrawer,
  Text,
  tokens,
} from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import { useState } from 'react';
import type { EwsMigrant } from '../../../contract/ews-migrations.ts';
import { reasonWords } from '../../../contract/reasons.ts';
import { type MigrantState, migrantStates } from '../../../domain/ews-migration/migrant-state.ts';
import type { RingName } from '../../../domain/ews-migration/migration-state.ts';
import type { EwsMigrationId } from '../../../domain/ids.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { IconLabel } from '../../ui/IconLabel.tsx';
import { QueryView } from '../../ui/QueryView.tsx';
import { migrantLook } from './MigrantSplit.tsx';
import { useMigrants } from './use-ews-migrations.ts';

interface Props {
  readonly migrationId: EwsMigrationId;
  readonly ring: RingName;
  readonly onClose: () => void;
}

const useStyles = makeStyles({
  drawer: { width: '560px', maxWidth: '100vw' },
  body: { display: 'grid', alignContent: 'start', gap: tokens.spacingVerticalM },
  list: { display: 'grid', margin: 0, padding: 0, listStyleType: 'none' },
  user: {
    display: 'grid',
    gap: tokens.spacingVerticalXXS,
    paddingBlock: tokens.spacingVerticalS,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    overflowWrap: 'anywhere',
  },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** What became of each user of a ring. */
export function MigrantsDrawer({ migrationId, ring, onClose }: Props) {
  const styles = useStyles();
  const { common, ews } = useTexts();
  const { users: words } = ews;
  const [state, setState] = useState<MigrantState>();
  const query = useMigrants(migrationId, ring, state);
  const chosen = state ? ews.migrantState[state] : words.all;
  return (
    <OverlayDrawer
      className={styles.drawer}
      open
      position="end"
      aria-label={words.title(ews.ring[ring])}
      onOpenChange={(_, { open }) => open || onClose()}
    >
      <DrawerHeader>
        <DrawerHeaderTitle
          action={<Button appearance="subtle" icon={<DismissRegular />} aria-label={common.close} onClick={onClose} />}
        >
          {words.title(ews.ring[ring])}
        </DrawerHeaderTitle>
      </DrawerHeader>
      <DrawerBody>
        <div className={styles.body}>
          <Field label={words.filter}>
            <Dropdown
              value={chosen}
              selectedOptions={[state ?? 'all']}
              onOptionSelect={(_, { optionValue }) => setState(migrantStates.find((known) => known === optionValue))}
            >
              <Option value="all">{words.all}</Option>
              {migrantStates.map((one) => (
                <Option key={one} value={one}>
                  {ews.migrantState[one]}
                </Option>
              ))}
            </Dropdown>
          </Field>
          <QueryView query={query}>
            {(users) => (users.length === 0 ? <Text>{words.empty}</Text> : <Migrants users={users} />)}
          </QueryView>
          {query.hasNextPage && (
            <Button disabledFocusable={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {words.more}
            </Button>
          )}
        </div>
      </DrawerBody>
    </OverlayDrawer>
  );
}

function Migrants({ users }: { users: readonly EwsMigrant[] }) {
  const styles = useStyles();
  const { users: words, migrantState } = useTexts().ews;
  return (
    <ul className={styles.list}>
      {users.map(({ id, displayName, address, state, reason }) => (
        <li key={id} className={styles.user}>
          <Text weight="semibold">{displayName ?? words.removed}</Text>
          {address && <Text className={styles.quiet}>{address}</Text>}
          <IconLabel Icon={migrantLook(state).Icon} color={migrantLook(state).color}>
            {migrantState[state]}
          </IconLabel>
          {reason && state !== 'on_graph' && <Text>{reasonWords[reason].title}</Text>}
        </li>
      ))}
    </ul>
  );
}
