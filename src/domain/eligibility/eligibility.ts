import type { ReasonCode } from '../mailbox-access/reason.ts';

/** Where a person stands before anything changes; `here`: nothing has to be done. */
export const eligibilityGroups = ['ready', 'fixable', 'impossible', 'here'] as const;
export type EligibilityGroup = (typeof eligibilityGroups)[number];

interface Cause {
  readonly group: EligibilityGroup;
  /** Whether the person can be added all the same, and be mended afterwards. */
  readonly canBeAdded: boolean;
  /** What a check of the mailbox would say as long as nobody mends it. */
  readonly reason?: ReasonCode;
}

/** Every cause of the pre-flight; the words for each stand in `contract/provisioning-words.ts`. */
export const eligibilityCauses = {
  eligible: { group: 'ready', canBeAdded: true },
  /** Nobody signs in to it, and it needs no licence: a shared mailbox, a room or equipment. */
  shared_mailbox: { group: 'ready', canBeAdded: true },
  /** Nobody can sign in, and the mailbox works all the same. */
  account_disabled: { group: 'ready', canBeAdded: true },

  no_licence: { group: 'fixable', canBeAdded: true, reason: 'mailbox.none' },
  no_mail: { group: 'fixable', canBeAdded: true, reason: 'mailbox.none' },
  on_premises: { group: 'fixable', canBeAdded: true, reason: 'mailbox.not_in_exchange_online' },
  /** The application may not read the directory yet, so nobody could be looked up. */
  not_verified: { group: 'fixable', canBeAdded: true, reason: 'consent.permission_missing' },
  deleted: { group: 'fixable', canBeAdded: false, reason: 'mailbox.not_in_directory' },
  in_another_organization: { group: 'fixable', canBeAdded: false },

  guest: { group: 'impossible', canBeAdded: false, reason: 'mailbox.none' },
  not_in_directory: { group: 'impossible', canBeAdded: false, reason: 'mailbox.not_in_directory' },

  already_here: { group: 'here', canBeAdded: false },
} as const satisfies Record<string, Cause>;

export type EligibilityCause = keyof typeof eligibilityCauses;

/** What the directory says about somebody, as far as it matters to mailboxes. */
export interface DirectoryFacts {
  readonly userType: 'Member' | 'Guest' | null;
  readonly accountEnabled: boolean;
  readonly mail: string | null;
  /** Whether a licence brings a mailbox in Exchange Online: not every licence does. */
  readonly hasMailboxPlan: boolean;
  /** Synchronized from the customer's own servers. */
  readonly isSynchronized: boolean;
}

/** What asking the directory for somebody brought; `not_asked` when the application may not ask. */
export type DirectoryAnswer =
  | { readonly kind: 'found'; readonly facts: DirectoryFacts }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'not_asked' };

/** Whether somebody is a user here already, seen from the organization that they are to come into. */
export type Place = 'nowhere' | 'here' | 'elsewhere';

/**
 * Says of one person, before anything changes, whether a mailbox can be expected. Never throws. The directory does not
 * know mailboxes, so the sorting is by what has one: only a check tells for certain.
 * @see Microsoft Learn, About shared mailboxes (no licence, sign-in blocked); graph-mail reference §5
 */
export function judgeEligibility(answer: DirectoryAnswer, place: Place): EligibilityCause {
  if (place === 'here') return 'already_here';
  if (place === 'elsewhere') return 'in_another_organization';
  switch (answer.kind) {
    case 'not_asked':
      return 'not_verified';
    case 'not_found':
      return 'not_in_directory';
    case 'deleted':
      return 'deleted';
    case 'found':
      return judgeFacts(answer.facts);
  }
}

function judgeFacts({ userType, accountEnabled, mail, hasMailboxPlan, isSynchronized }: DirectoryFacts) {
  if (userType === 'Guest') return 'guest';
  if (hasMailboxPlan) {
    if (mail === null) return 'no_mail';
    return accountEnabled ? 'eligible' : 'account_disabled';
  }
  // Without a licence an address belongs to a mailbox that stayed behind, or to one that needs none.
  if (mail !== null && isSynchronized) return 'on_premises';
  return mail !== null && !accountEnabled ? 'shared_mailbox' : 'no_licence';
}
