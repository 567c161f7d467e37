import { Checkbox, makeStyles, Text, tokens } from '@fluentui/react-components';
import type { Person } from '../../graph/directory.ts';
import { Initials } from '../../ui/Initials.tsx';
import type { Chosen } from './AddUsersWizard.tsx';

interface Props {
  readonly label: string;
  readonly people: readonly Person[];
  readonly chosen: Chosen;
  readonly onChoose: (chosen: Chosen) => void;
}

const useStyles = makeStyles({
  root: {
    display: 'grid',
    maxHeight: '280px',
    margin: 0,
    padding: 0,
    overflowY: 'auto',
    listStyleType: 'none',
  },
  person: { minHeight: '44px', display: 'grid', alignItems: 'center', minWidth: 0 },
  box: { alignItems: 'center' },
  label: { display: 'flex', alignItems: 'center', minWidth: 0 },
  words: { display: 'grid', minWidth: 0, color: tokens.colorNeutralForeground1 },
  address: { color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
});

const rendered = 200;

/** People with a box each. Long groups show their beginning; all of them count. */
export function PersonList({ label, people, chosen, onChoose }: Props) {
  const styles = useStyles();
  const toggle = (person: Person) => {
    const next = new Map(chosen);
    if (!next.delete(person.id)) next.set(person.id, person);
    onChoose(next);
  };
  return (
    <ul className={styles.root} aria-label={label}>
      {people.slice(0, rendered).map((person) => (
        <li key={person.id} className={styles.person}>
          <Checkbox
            className={styles.box}
            checked={chosen.has(person.id)}
            onChange={() => toggle(person)}
            label={
              <span className={styles.label}>
                <Initials name={person.displayName} />
                <span className={styles.words}>
                  <Text>{person.displayName}</Text>
                  <Text size={200} className={styles.address}>
                    {person.mail ?? person.userPrincipalName}
                  </Text>
                </span>
              </span>
            }
          />
        </li>
      ))}
    </ul>
  );
}
