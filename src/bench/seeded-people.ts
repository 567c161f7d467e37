import { foldText } from '../domain/fold-text.ts';
import type { ReasonCode } from '../domain/mailbox-access/reason.ts';
import { type AccessStatus, accessStatuses } from '../domain/mailbox-access/verdict.ts';
import type { ConnectionType } from '../domain/mailbox-sync/mailbox-state.ts';
import { firstNames, lastNames } from './list-names.ts';

/** One of a company's people, the same ones in every run. */
export interface SeededPerson {
  readonly name: string;
  readonly address: string;
  readonly search: string;
  readonly sortName: string;
  /** In the large organization; the others are in nine smaller ones. */
  readonly isInLarge: boolean;
  readonly verdict: Verdict;
  readonly connection: ConnectionType;
  readonly isSwitchedOff: boolean;
  /** How long ago the mailbox was checked. */
  readonly checkedSecondsAgo: number;
  /** How long ago it was synchronized; null for never. */
  readonly syncedSecondsAgo: number | null;
  /** With a sync error that is open. */
  readonly hasIssue: boolean;
}

interface Verdict {
  readonly status: AccessStatus;
  readonly reason: ReasonCode | null;
}

/** Of a hundred users: in the large organization. */
const shareOfLarge = 60;

/** Verdicts as a company has them: nearly all working, each of the others rare. */
const verdicts: readonly Verdict[] = [
  ...Array(930).fill({ status: 'working', reason: 'connected' }),
  ...Array(40).fill({ status: 'blocked', reason: 'mailbox.none' }),
  ...Array(15).fill({ status: 'could_not_tell', reason: 'microsoft.throttled' }),
  ...Array(10).fill({ status: 'not_checked', reason: null }),
  ...Array(4).fill({ status: 'limited', reason: 'consent.permission_missing' }),
  { status: 'exposed', reason: 'access.open_outside_scope' },
];

export function personOf(index: number): SeededPerson {
  const first = firstNames[index % firstNames.length] ?? '';
  const last = lastNames[Math.floor(index / firstNames.length) % lastNames.length] ?? '';
  const name = `${first} ${last} ${index}`;
  // Two numbers without a common divisor, so that organizations and verdicts are not the same people.
  const verdict = verdicts[(index * 389) % verdicts.length] ?? { status: 'not_checked', reason: null };
  const address = `${foldText(`${first}.${last}`)}.${index}@contoso.example`;
  return {
    name,
    address,
    search: foldText(`${name} ${address} ${address}`),
    sortName: foldText(name),
    isInLarge: (index * 37) % 100 < shareOfLarge,
    verdict,
    connection: index % 2_003 === 0 ? 'hybrid' : 'graph_app_only',
    isSwitchedOff: index % 1_009 === 0,
    checkedSecondsAgo: (index * 7_919) % 86_400,
    // Who cannot be opened is not synchronized, either.
    syncedSecondsAgo: verdict.status === 'blocked' || index % 1_009 === 0 ? null : (index * 6_151) % 1_800,
    hasIssue: index % 53 === 0,
  };
}

/** The people of a company in the order in which the users list shows them at first. */
export function peopleInListOrder(users: number): readonly SeededPerson[] {
  const keyOf = ({ verdict, sortName }: SeededPerson) => `${accessStatuses.indexOf(verdict.status)} ${sortName}`;
  return Array.from({ length: users }, (_, index) => personOf(index))
    .map((person) => ({ person, key: keyOf(person) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ person }) => person);
}
