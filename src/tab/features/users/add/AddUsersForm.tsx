import {
  Button,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogTitle,
  Dropdown,
  Field,
  makeStyles,
  Option,
  Tab,
  TabList,
  Text,
  tokens,
} from '@fluentui/react-components';
import { useState } from 'react';
import type { Organization } from '../../../../contract/organizations.ts';
import type { UserId } from '../../../../domain/ids.ts';
import { useSignIn } from '../../../auth/sign-in-context.ts';
import type { Person } from '../../../graph/directory.ts';
import { useTexts } from '../../../texts/texts-context.tsx';
import { ErrorBar } from '../../../ui/ErrorBar.tsx';
import { useAddUsers } from '../use-users.ts';
import { AddUsersResult } from './AddUsersResult.tsx';
import { type ChosenFile, peopleIn } from './chosen-file.ts';
import { FromFile } from './FromFile.tsx';
import { FromGroup } from './FromGroup.tsx';
import { FromList } from './FromList.tsx';
import { FromPeople } from './FromPeople.tsx';

interface Props {
  readonly organization: Organization | undefined;
  readonly organizations?: readonly Organization[] | undefined;
  readonly onClose: () => void;
}

export type Chosen = ReadonlyMap<UserId, Person>;

const sources = ['people', 'groups', 'file'] as const;

const useStyles = makeStyles({
  content: { display: 'grid', gap: tokens.spacingVerticalM, alignContent: 'start', minHeight: '400px' },
  count: { alignSelf: 'center' },
});

/** Choose people, add them, see what happened to each. */
export function AddUsersForm({ organization, organizations, onClose }: Props) {
  const styles = useStyles();
  const { addUsers: words, common } = useTexts();
  const { getGraphToken } = useSignIn();
  const add = useAddUsers();
  // Who is added to be checked belongs where checks are possible.
  const onGraph = organizations?.find(({ connectionType }) => connectionType === 'graph_app_only');
  const [target, setTarget] = useState(organization ?? onGraph ?? organizations?.[0]);
  const [source, setSource] = useState<(typeof sources)[number]>('people');
  const [chosen, setChosen] = useState<Chosen>(new Map());
  const [file, setFile] = useState<ChosenFile>();
  const [addedBefore, setAddedBefore] = useState(0);

  if (add.data && target)
    return <AddUsersResult result={add.data} chosen={chosen} organization={target} onClose={onClose} />;

  const submit = () => {
    if (!target || chosen.size === 0 || add.isPending) return;
    setAddedBefore(0);
    add.mutate({ organizationId: target.id, users: [...chosen.values()], onPart: setAddedBefore });
  };
  // Another file takes the place of the one before; who was chosen elsewhere stays.
  const chooseFile = (next: ChosenFile) => {
    const former = new Set(peopleIn(file).map(({ id }) => id));
    const kept = [...chosen].filter(([id]) => !former.has(id));
    setFile(next);
    setChosen(new Map([...kept, ...peopleIn(next).map((person) => [person.id, person] as const)]));
  };
  return (
    <DialogBody>
      <DialogTitle>{words.title(target?.name ?? '')}</DialogTitle>
      <DialogContent className={styles.content}>
        {add.error && <ErrorBar error={add.error} />}
        {add.error && addedBefore > 0 && <Text role="status">{words.addedInPart(addedBefore)}</Text>}
        {!organization && organizations && organizations.length > 1 && (
          <Field label={words.toOrganization}>
            <Dropdown
              value={target?.name ?? ''}
              selectedOptions={target ? [target.id] : []}
              onOptionSelect={(_, { optionValue }) => setTarget(organizations.find(({ id }) => id === optionValue))}
            >
              {organizations.map(({ id, name }) => (
                <Option key={id} value={id}>
                  {name}
                </Option>
              ))}
            </Dropdown>
          </Field>
        )}
        {getGraphToken ? (
          <>
            <TabList
              size="small"
              selectedValue={source}
              onTabSelect={(_, { value }) => setSource(value as (typeof sources)[number])}
            >
              {sources.map((name) => (
                <Tab key={name} value={name}>
                  {name === 'file' ? words.file.tab : words[name]}
                </Tab>
              ))}
            </TabList>
            {source === 'people' && <FromPeople chosen={chosen} onChoose={setChosen} />}
            {source === 'groups' && <FromGroup chosen={chosen} onChoose={setChosen} />}
            {source === 'file' && <FromFile file={file} onFile={chooseFile} />}
          </>
        ) : (
          <FromList file={file} onFile={setFile} onChoose={setChosen} />
        )}
      </DialogContent>
      <DialogActions position="start" className={styles.count}>
        <Text role="status">{words.selectedCount(chosen.size)}</Text>
      </DialogActions>
      <DialogActions position="end">
        <Button appearance="primary" disabledFocusable={chosen.size === 0 || !target || add.isPending} onClick={submit}>
          {add.isPending ? words.adding : words.add}
        </Button>
        <Button onClick={onClose}>{common.cancel}</Button>
      </DialogActions>
    </DialogBody>
  );
}
