import type { AssignmentOutcome, OutcomeReason } from '../../../domain/assignment-rules/decide.ts';
import type { AssignmentProblem } from '../../../domain/assignment-rules/rule-problem.ts';
import type { Amounts } from './amounts.ts';

interface ProblemWords {
  readonly title: string;
  readonly remedy: string;
}

export function assignmentRules({ n, people }: Amounts) {
  return {
    title: 'Rules',
    intro:
      'Rules put people of the directory into organizations and keep them in step. Of the rules that match a person, the first that is on decides. A rule removes nobody.',
    none: 'No rule leads here. People are added and moved by hand.',
    add: 'Add rule',
    addTitle: 'Add a rule',
    addText: (organization: string) =>
      `It leads to ${organization}. It is off until you have seen its preview, and it comes after the rules that are there.`,
    by: 'Choose people by',
    kind: { domain: 'E-mail domain', group: 'Group' },
    domain: 'E-mail domain',
    domainHint:
      'For example contoso.com. Only the main address of a person counts (mail), no further address, sign-in name or subdomain. For those choose a group, such as a dynamic one by proxyAddresses.',
    domainInvalid: 'Enter a domain such as contoso.com.',
    group: 'Group',
    groupHint: 'Members of nested groups count too.',
    otherGroup: 'Another group',
    movesHandPlaced: 'Also move people who were placed or removed by hand',
    movesHandPlacedHint: 'Off: who was put somewhere by hand stays there, and is listed.',
    list: 'Rules of this organization',
    ruleOf: (kind: 'domain' | 'group', name: string) =>
      kind === 'domain' ? `Address ends in @${name}` : `In the group ${name}`,
    place: (position: number, total: number) => `Rule ${n(position)} of ${n(total)}`,
    handPlacedToo: 'moves people placed by hand too',
    state: { on: 'On', off: 'Off' },
    switchOn: 'Switch on',
    switchOff: 'Switch off',
    preview: 'Preview',
    earlier: 'Earlier',
    later: 'Later',
    includeHandPlaced: 'Move people placed by hand too',
    excludeHandPlaced: 'Leave people placed by hand',
    delete: 'Delete rule',
    actionsFor: (rule: string) => `Actions for the rule: ${rule}`,
    deleteTitle: 'Delete this rule?',
    deleteText: (rule: string) =>
      `${rule}. Whom it placed stays, and is listed as matched by no rule with the next run.`,
    needsPreview: 'Preview the rule first: then you know what switching it on changes.',
    switched: (isOn: boolean) => (isOn ? 'switched on' : 'switched off'),
    switchedOn: 'The rule is on; it is being applied.',
    switchedOff: 'The rule is off. Nobody was moved or removed.',
    changedIsOff: 'The rule was changed and is off: preview it again.',
    deleted: 'The rule was deleted. Nobody was moved or removed.',
    added: 'The rule was added. It is off: preview it first.',

    previewTitle: (rule: string) => `If this rule were on: ${rule}`,
    previewStale: 'Rules have changed since this preview. Preview again before you switch it on.',
    previewEmpty: 'Nothing would change.',
    lastRun: 'Last run',
    neverRun: 'No rule has been applied yet.',
    every: (minutes: number) =>
      minutes === 0 ? 'The service does not look by itself.' : `Looks at the directory every ${n(minutes)} minutes.`,
    runNow: 'Apply now',
    reading: 'Reading the directory. The first time this takes a while.',
    runFailed: 'The run ended with a fault; what it had done stays. Try again.',
    ran: (by: string | null) => (by ? `started by ${by}` : 'started by the service'),
    inStep: 'The organization is in step with the rules.',
    show: 'Show',
    hide: 'Hide',
    more: 'Show more',
    outcomesHere: 'What the last run found here',
    outcomesOfPreview: 'What would change',
    outcome: {
      added: (count: number) => `${people(count)} added`,
      moved: (count: number) => `${people(count)} moved here`,
      kept_by_hand: (count: number) => `${people(count)} stay elsewhere: placed by hand`,
      kept_out: (count: number) => `${people(count)} not added again: removed by hand`,
      not_eligible: (count: number) => `${people(count)} cannot have a mailbox`,
      leaving: (count: number) => `${people(count)} should leave`,
      undecided: (count: number) => `${people(count)} undecided: a group could not be read`,
    } satisfies Record<AssignmentOutcome, (count: number) => string>,
    wouldBe: {
      added: (count: number) => `${people(count)} would be added`,
      moved: (count: number) => `${people(count)} would be moved`,
      kept_by_hand: (count: number) => `${people(count)} would stay where they are: placed by hand`,
      kept_out: (count: number) => `${people(count)} would not be added again: removed by hand`,
      not_eligible: (count: number) => `${people(count)} cannot have a mailbox`,
      leaving: (count: number) => `${people(count)} should leave`,
      undecided: (count: number) => `${people(count)} undecided: a group could not be read`,
    } satisfies Record<AssignmentOutcome, (count: number) => string>,
    remedy: {
      added: '',
      moved: '',
      kept_by_hand: 'Move them by hand, or let the rule move people placed by hand too.',
      kept_out: 'Add them by hand, or let the rule place people removed by hand too.',
      not_eligible:
        'Guests and people without an address are not added. Give them a mailbox, or take them out of the group.',
      leaving: 'No rule removes anybody. Open each person and remove or move them, or change the rule.',
      undecided: 'Mend the rule whose group cannot be read.',
    } satisfies Record<AssignmentOutcome, string>,
    reason: {
      not_in_directory: 'not in the directory any more',
      no_rule: 'matched by no rule any more',
      guest: 'guest',
      no_address: 'no e-mail address',
    } satisfies Record<OutcomeReason, string>,
    from: (organization: string) => `from ${organization}`,
    into: (organization: string) => `to ${organization}`,
    conflicts: 'Conflicts',
    conflict: (count: number, first: string, other: string) =>
      `${people(count)} also match a later rule. “${first}” decides, “${other}” does not.`,
    otherRule: (rule: string, organization: string) => `${rule} → ${organization}`,
    deletedRule: 'a rule that was deleted',
    examples: (names: string) => `For example ${names}.`,
    problem: {
      application_shut_out: {
        title: 'The application is not allowed into the directory.',
        remedy: 'Grant consent on the Connectivity page.',
      },
      token_unavailable: {
        title: 'Microsoft Entra gave no token.',
        remedy: 'It is tried again with the next run; if it stays, the operator checks the credential.',
      },
      registration_not_configured: {
        title: 'The service is not configured for the application registration of the organization any more.',
        remedy: 'The operator adds it to REGISTRATIONS again, or choose another one under General.',
      },
      directory_not_permitted: {
        title: 'The application may not read the directory.',
        remedy: 'Grant it User.Read.All on the Connectivity page.',
      },
      directory_unreadable: {
        title: 'The directory could not be read to its end. Nothing was changed.',
        remedy: 'It goes on with the next run.',
      },
      group_gone: {
        title: 'The group is not in the directory any more. Whom it placed stays.',
        remedy: 'Restore the group, or delete the rule.',
      },
      group_not_permitted: {
        title: 'The application may not read who is in the group. The members known before count.',
        remedy: 'Grant it GroupMember.Read.All on the Connectivity page.',
      },
      group_unreadable: {
        title: 'The group could not be read to its end. The members known before count.',
        remedy: 'It is tried again with the next run.',
      },
    } satisfies Record<AssignmentProblem, ProblemWords>,

    differences: {
      title: 'Organization and Exchange scope',
      notLimited: 'The application is not limited, so there is nothing to compare: it can open every mailbox.',
      limit: (list: 'allow' | 'block', group: string) =>
        list === 'allow'
          ? `The application is limited to the group ${group}.`
          : `The application is kept out of the group ${group}.`,
      readAt: 'Exchange was read',
      neverRead: 'Exchange has not been read yet.',
      none: 'Nobody. Both agree.',
      outsideTitle: 'In the organization, out of Exchange scope',
      outside: (count: string, one: boolean) =>
        `${count} ${one ? 'person is' : 'people are'} here and cannot be opened by the application.`,
      outsideRemedy: {
        allow: (group: string) => `Add them to ${group} and read Exchange again, or move or remove them.`,
        block: (group: string) => `Take them out of ${group} and read Exchange again, or move or remove them.`,
      },
      notHereTitle: 'In Exchange scope, in no organization',
      notHere: (count: string, one: boolean) =>
        `${count} ${one ? 'person' : 'people'} can be opened by the application and ${one ? 'is' : 'are'} in no organization.`,
      notHereRemedy: {
        allow: (group: string) => `Add them here, by hand or by a rule for ${group}, or take them out of ${group}.`,
        block: (group: string) => `Add them here, by hand or by a rule, or put them into ${group}.`,
      },
      orMore: (count: number) => `${n(count)} or more`,
      count: (count: number) => n(count),
      andOthers: 'The first of them by name.',
      toLimit: 'Open the limit',
    },
  };
}
