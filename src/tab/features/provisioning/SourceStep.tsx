import {
  Button,
  DialogActions,
  DialogContent,
  Dropdown,
  Field,
  Option,
  ProgressBar,
  Tab,
  TabList,
  Text,
} from '@fluentui/react-components';
import { useState } from 'react';
import type { Organization } from '../../../contract/organizations.ts';
import type { ProvisioningId } from '../../../domain/ids.ts';
import { useSignIn } from '../../auth/sign-in-context.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { ErrorBar } from '../../ui/ErrorBar.tsx';
import type { Chosen } from './AddUsersWizard.tsx';
import { FromFile } from './FromFile.tsx';
import { FromGroup } from './FromGroup.tsx';
import { FromList } from './FromList.tsx';
import { FromPeople } from './FromPeople.tsx';
import { OpenProvisionings } from './OpenProvisionings.tsx';
import { useStepStyles } from './step-styles.ts';
import { type SentFile, type Source, useStartProvisioning } from './use-provisioning.ts';

interface Props {
  readonly target: Organization | undefined;
  /** To choose the organization from; absent when it is given. */
  readonly targets: readonly Organization[] | undefined;
  readonly chosen: Chosen;
  readonly onTarget: (target: Organization | undefined) => void;
  readonly onChoose: (chosen: Chosen) => void;
  readonly onStarted: (id: ProvisioningId) => void;
  readonly onClose: () => void;
}

const withDirectory = ['people', 'groups', 'file', 'licensed'] as const;
const withoutDirectory = ['list', 'file', 'licensed'] as const;
type Place = (typeof withDirectory)[number] | (typeof withoutDirectory)[number];

/** Where people come from, and into which organization. Nobody is added here. */
export function SourceStep({ target, targets, chosen, onTarget, onChoose, onStarted, onClose }: Props) {
  const styles = useStepStyles();
  const { addUsers: words, common } = useTexts();
  const { getGraphToken } = useSignIn();
  const places: readonly Place[] = getGraphToken ? withDirectory : withoutDirectory;
  const [place, setPlace] = useState<Place>(places[0] ?? 'file');
  const [file, setFile] = useState<File>();
  const [sent, setSent] = useState<SentFile>();
  const start = useStartProvisioning(setSent);
  const isComplete = { people: chosen.size > 0, groups: chosen.size > 0, list: chosen.size > 0, file, licensed: true }[
    place
  ];

  const begin = () => {
    const source = sourceOf(place, chosen, file);
    if (!target || !source || !isComplete || start.isPending) return;
    // A file that broke off goes on where it is, unless it is another one by now.
    const begun = sent && sent.file === file ? sent.id : undefined;
    start.mutate({ organizationId: target.id, source, begun }, { onSuccess: ({ id }) => onStarted(id) });
  };
  return (
    <>
      <DialogContent className={styles.content}>
        {start.error && <ErrorBar error={start.error} onTryAgain={begin} />}
        {targets && targets.length > 1 && (
          <Field label={words.toOrganization}>
            <Dropdown
              value={target?.name ?? ''}
              selectedOptions={target ? [target.id] : []}
              onOptionSelect={(_, { optionValue }) => onTarget(targets.find(({ id }) => id === optionValue))}
            >
              {targets.map(({ id, name }) => (
                <Option key={id} value={id}>
                  {name}
                </Option>
              ))}
            </Dropdown>
          </Field>
        )}
        <OpenProvisionings organizationId={target?.id} onOpen={onStarted} />
        <TabList
          className={styles.tabs}
          size="small"
          selectedValue={place}
          onTabSelect={(_, { value }) => setPlace(value as Place)}
        >
          {places.map((name) => (
            <Tab key={name} value={name}>
              {words.source[name]}
            </Tab>
          ))}
        </TabList>
        {place === 'people' && <FromPeople chosen={chosen} onChoose={onChoose} />}
        {place === 'groups' && <FromGroup chosen={chosen} onChoose={onChoose} />}
        {place === 'list' && <FromList onChoose={onChoose} />}
        {place === 'file' && <FromFile file={file} onFile={setFile} />}
        {place === 'licensed' && <Text>{words.licensedText}</Text>}
        {start.isPending && place === 'file' && file && (
          <ProgressBar aria-label={words.sending} value={sent ? sent.bytes / sent.file.size : undefined} />
        )}
      </DialogContent>
      <DialogActions position="start" className={styles.count}>
        <Text role="status">
          {start.isPending
            ? words.sending
            : place === 'file' || place === 'licensed'
              ? ''
              : words.selectedCount(chosen.size)}
        </Text>
      </DialogActions>
      <DialogActions position="end">
        <Button appearance="primary" disabledFocusable={!isComplete || !target || start.isPending} onClick={begin}>
          {words.next}
        </Button>
        <Button onClick={onClose}>{common.cancel}</Button>
      </DialogActions>
    </>
  );
}

function sourceOf(place: Place, chosen: Chosen, file: File | undefined): Source | undefined {
  if (place === 'file') return file && { source: 'csv', file };
  if (place === 'licensed') return { source: 'licensed' };
  return { source: place === 'groups' ? 'groups' : 'people', people: [...chosen.values()] };
}
