import { type AccessCounts, totalOf } from '../../../contract/access-counts.ts';
import type { Organization } from '../../../contract/organizations.ts';
import { useTexts } from '../../texts/texts-context.tsx';
import { Moment } from '../../ui/Moment.tsx';

interface Props {
  readonly counts: AccessCounts | undefined;
  readonly organizations: readonly Organization[] | undefined;
  /** The picked one; without it, all of them. */
  readonly organization: Organization | undefined;
}

/** The line of facts: how many, how many need attention, when last checked. */
export function UsersFacts({ counts, organizations = [], organization }: Props) {
  const { common, users } = useTexts();
  if (!counts) return users.facts.counting;
  const all = totalOf(counts);
  const attention = all - counts.working - counts.not_checked;
  const checkedAt = (organization ? [organization] : organizations)
    .flatMap(({ lastCheckAt }) => lastCheckAt ?? [])
    .sort()
    .at(-1);
  return (
    <>
      {common.people(all)} · {attention > 0 && `${users.facts.attention(attention)} · `}
      {checkedAt ? (
        <>
          {users.facts.lastCheck} <Moment at={checkedAt} />
        </>
      ) : (
        users.facts.noCheck
      )}
    </>
  );
}
