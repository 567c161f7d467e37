import type { lists, MailboxScope, mechanisms, ScopeProof } from '../../../contract/mailbox-scope.ts';
import { proofVerdictWords } from '../../../contract/report-words.ts';
import type { StepOutcome } from '../../../domain/exchange-plan/plan-result.ts';
import type { ScopeStep, ScopeStepState } from '../../../domain/mailbox-scope/scope-change.ts';
import type { GroupKind } from '../../../domain/mailbox-scope/scope-group.ts';
import type { ScopeProblem } from '../../../domain/mailbox-scope/scope-problem.ts';
import type { Amounts } from './amounts.ts';

type ScopeList = (typeof lists)[number];
type ScopeMechanism = (typeof mechanisms)[number];
type ScopeDrift = MailboxScope['drifts'][number];

export function scope({ n, people, mailboxes }: Amounts) {
  return {
    section: 'Mailboxes in reach',
    note: 'A limit holds for the application, and so for all organizations of this tenant.',
    reach: {
      of: (reachable: number, total: number) => `This application can open ${n(reachable)} of ${mailboxes(total)}.`,
      all: (total: number) =>
        total === 1
          ? 'This application can open the one mailbox of the tenant.'
          : `This application can open all ${mailboxes(total)} of the tenant.`,
      none: (total: number) => `This application can open none of ${mailboxes(total)}.`,
      noneKnown: (total: number) => `This application is not known to open any of ${mailboxes(total)}.`,
      allUnknown: (total: number) =>
        total === 1
          ? 'It is not known whether this application can open the one mailbox of the tenant.'
          : `It is not known which of ${mailboxes(total)} this application can open.`,
      unknown: (count: number) => `Of ${mailboxes(count)} it is not known.`,
      notCounted: 'Not counted yet',
      notCountedText: 'The number is there as soon as the directory has been read once.',
    },
    list: {
      allow: 'Only the mailboxes of the group',
      block: 'All mailboxes but those of the group',
    } satisfies Record<ScopeList, string>,
    listText: {
      allow: 'An allow-list: a new mailbox stays closed until it is in the group.',
      block: 'A block-list: a new mailbox is open until it is in the group.',
    } satisfies Record<ScopeList, string>,
    mechanism: {
      role_assignments: 'RBAC for Applications',
      application_access_policy: 'Application access policy',
    } satisfies Record<ScopeMechanism, string>,
    groupKind: {
      mail_enabled_security: 'Mail-enabled security group',
      security: 'Security group without mail',
      distribution: 'Distribution group',
      microsoft_365: 'Microsoft 365 group',
      dynamic: 'Dynamic group',
      other: 'Kind not known',
    } satisfies Record<GroupKind, string>,
    more: (count: number) => `and ${n(count)} more`,
    showAll: (count: number) => `Show all ${n(count)}`,

    union: {
      title: 'The limit is without effect',
      notYet: 'The limit has no effect yet',
      text: (grants: string) =>
        `A scoped role beside a tenant-wide grant in Entra limits nothing. Granted for every mailbox: ${grants}.`,
      next: 'Remove what is granted, under Consent above or in Entra. “Change the limit” plans it safely: roles first.',
      nextOpen: 'The open change removes it when the roles are proved and known to Exchange.',
    },
    intended: {
      title: 'Intended',
      none: 'No limit is intended',
      noneText: 'Every mailbox that a permission reaches can be opened.',
      group: 'Group',
      list: 'Mailboxes',
      mechanism: 'Mechanism',
      count: 'In reach',
      nested: 'Nested groups',
      nestedYes: 'Covered',
      nestedNo: 'Not covered',
      set: 'Set',
      by: (name: string) => `by ${name}`,
    },
    enforced: {
      title: 'What Exchange enforces',
      never: 'Never read',
      neverText: 'Without it, what is said here rests on the grants in Entra alone.',
      nothing: 'No policy and no role of this application. Nothing in Exchange limits it.',
      policies: 'Application access policies',
      policy: {
        RestrictAccess: (group: string) => `Only ${group}`,
        DenyAccess: (group: string) => `Everybody but ${group}`,
      },
      assignments: 'Roles',
      covers: {
        organization: () => 'every mailbox',
        members: (groups: string) => `only members of ${groups}`,
        everybody_else: (groups: string) => `everybody but members of ${groups}`,
        not_understood: (_: string, scope: string) => `the scope ${scope}, which is not understood here`,
      },
      servicePrincipal: {
        present: 'Exchange knows the application.',
        absent: 'Exchange does not know the application yet; the script makes the entry that roles need.',
        points_elsewhere: 'Exchange’s entry for the application points to another object; roles do not work.',
      },
      read: 'Read',
      source: { script: 'by the script', gateway: 'over the gateway' },
    },
    difference: {
      title: 'The difference',
      more: (count: number) => `${mailboxes(count)} more than intended can be opened.`,
      fewer: (count: number) => `${mailboxes(count)} fewer than intended can be opened.`,
      none: 'As many mailboxes can be opened as intended.',
    },
    actions: {
      limit: 'Limit to a group',
      change: 'Change the limit',
      migrate: 'Migrate the policies',
      prove: 'Prove the limit',
      sweep: 'Check every mailbox',
      read: 'Read from Exchange',
      reading: 'Reading…',
      readingScript: 'Get the reading script',
      changeOpen: 'Finish the open change first, or give it up.',
      notSet: 'Choose the mailboxes first: there is no limit to prove.',
    },
    reading: {
      text: 'The script reads policies, roles and scopes of this application, and changes nothing. Run it in Exchange Online PowerShell, then bring the file it wrote.',
      done: 'What Exchange enforces is known now',
    },

    problemWeight: { stop: 'Stops the change', warn: 'Warning' },
    problem: {
      union_trap: {
        title: 'A tenant-wide grant in Entra makes the limit without effect',
        next: 'The plan removes it after the roles are proved. Until then every mailbox stays in reach.',
      },
      unlimited_assignment: {
        title: 'A role in Exchange reaches every mailbox',
        next: 'The plan removes it with the limit by roles. A policy does not confine it.',
      },
      group_unknown_to_exchange: {
        title: 'Exchange does not know this group',
        next: 'Choose a mail-enabled security group. One without mail exists in Entra only.',
      },
      group_not_security: {
        title: 'A policy takes mail-enabled security groups only',
        next: 'Choose such a group, or use RBAC for Applications.',
      },
      group_dynamic: {
        title: 'Exchange cannot list the members of a dynamic group',
        next: 'Choose a group whose members are assigned.',
      },
      nobody_inside: {
        title: 'Not one mailbox would stay in reach',
        next: 'Add people to the group, or choose another one.',
      },
      everybody_inside: {
        title: 'Every mailbox would stay in reach',
        next: 'The limit would change nothing. Choose a smaller group.',
      },
      deny_policy: {
        title: 'A policy denies access to a group',
        next: 'It cannot be translated into a role. Express it as “All mailboxes but those of the group”.',
      },
      members_unknown: {
        title: 'The members of the group could not be read',
        next: 'Try again. If the membership is hidden, ask an admin who may read it.',
      },
      filter_not_understood: {
        title: 'The filter of a scope in Exchange is not understood here',
        next: 'Check every mailbox: for these, only a call tells.',
      },
      pointer_elsewhere: {
        title: 'Exchange’s entry for the application points to another object',
        next: 'Remove the entry in Exchange (Remove-ServicePrincipal) and run the script again.',
      },
      nested_not_covered: {
        title: 'Members of nested groups are left out',
        next: 'Role assignments look at direct members only. Cover nested groups, or add the people themselves.',
      },
      policies_beside_roles: {
        title: 'The policies do not limit roles',
        next: 'Policies confine grants in Entra only. Migrate the policies when the roles are proved.',
      },
      policy_deprecated: {
        title: 'Microsoft is retiring application access policies',
        next: 'Migrate to RBAC for Applications.',
      },
      never_read: {
        title: 'What Exchange enforces was never read',
        next: 'Read it, so that roles and policies made elsewhere are known.',
      },
    } satisfies Record<ScopeProblem, { title: string; next: string }>,

    limit: {
      title: 'Limit the application',
      list: 'Which mailboxes may it open',
      group: 'Group',
      groupHint: 'Its members are the limit from now on: who joins or leaves it changes what the application can open.',
      groupId: 'Object id of the group',
      groupIdHint:
        'This version of Microsoft Teams gives no access to the directory. The id stands in Entra on the page of the group.',
      groupIdInvalid: 'An object id has 36 characters, such as 0d5f2c7a-3b1e-4c8d-9a6f-1e2d3c4b5a69.',
      otherGroup: 'Another group',
      nested: 'Cover nested groups',
      nestedText:
        'Role assignments look at direct members only. With this, every nested group is named in the scope too; a group nested later is not.',
      nestedPolicy: 'Policies look into nested groups by themselves.',
      older: 'Older mechanism',
      recommended: 'RBAC for Applications (recommended)',
      recommendedText:
        'Roles in Exchange that hold for the chosen mailboxes only. Grants in Entra are removed at the end.',
      policy: 'Application access policy',
      policyText:
        'Microsoft asks not to create new ones and will retire them; they have to be migrated. They confine grants in Entra, which stay.',
      preview: 'Preview',
      previewing: 'Counting…',
      plan: 'Plan this change',
      planning: 'Planning…',
      planned: 'Planned. Nothing is changed in Exchange yet',
      whyNoPreview: 'Look at the preview first.',
      whyNoGroup: 'Choose a group first.',
      whyStopped: 'The preview names what stands in the way.',
    },
    preview: {
      title: 'What would change',
      now: 'Now',
      after: 'After',
      members: (count: number) => `${people(count)} directly in the group`,
      nestedMembers: (count: number) => `${people(count)} only in nested groups`,
      loses: (count: number) => `${mailboxes(count)} ${count === 1 ? 'closes' : 'close'}`,
      gains: (count: number) => `${mailboxes(count)} ${count === 1 ? 'opens' : 'open'}`,
      losesNobody: 'No mailbox closes',
      gainsNobody: 'No mailbox opens',
      examples: (names: string) => `such as ${names}`,
      problems: 'What stands against it',
      grants: 'Grants in Entra that must be removed at the end',
      steps: 'What is done in Exchange',
      nothing: 'Nothing has to be done in Exchange.',
    },

    permissionNeeded: {
      allow: 'Allow in Microsoft’s window',
      permission: (scopes: string) => `Permission: ${scopes}`,
      elsewhere: 'This version of Microsoft Teams cannot ask. Open the tab in the browser.',
    },

    change: {
      open: (what: string) => `Change under way: ${what}`,
      title: {
        allow: (group: string) => `only the mailboxes of ${group}`,
        block: (group: string) => `all mailboxes but those of ${group}`,
        migrate: 'from policies to roles',
      },
      planned: (name: string) => `Planned by ${name}`,
      steps: 'Steps of the change',
      stepState: {
        done: 'Done',
        due: 'Next',
        waiting: 'Waiting for Microsoft',
        failed: 'Failed',
        todo: 'Later',
      } satisfies Record<ScopeStepState, string>,
      step: {
        make: 'Make the limit in Exchange',
        prove_roles: 'Exchange’s own test, from both sides',
        wait: 'Wait until Exchange knows it everywhere',
        remove_grants: 'Remove the tenant-wide grants in Entra',
        remove_assignments: 'Remove the older role assignments',
        prove_access: 'Prove it with calls to mailboxes',
        remove_policies: 'Remove the old policies',
      } satisfies Record<ScopeStep, string>,
      text: {
        make: 'An Exchange administrator runs the script. It can run twice: what is there is recognised.',
        prove_roles:
          'The script ends with Exchange’s own tests: mailboxes that must open, and mailboxes that must not.',
        remove_assignments: 'They would keep open what the new limit closes.',
        remove_policies: 'The scope is proved, and no grant is left that the policies could confine.',
      },
      failedRoles: 'Exchange’s test did not say what it should. Read the report, mend it, and run the script again.',
      notTested: 'The tests did not run. Run the script again and bring its result.',
      wait: (time: string, left: string) => `Waiting for Microsoft: expected by ${time} (in ${left}).`,
      waitOver: (time: string) => `Expected by ${time}. It is looked at again by itself.`,
      waitUnknown: 'Waiting for Microsoft. It is looked at again by itself.',
      waitText:
        'Nothing to do. Exchange keeps the permissions of an application in use for up to two hours; removing the grants earlier could cut people off.',
      grants: {
        text: 'These grants open every mailbox, whatever Exchange limits:',
        remove: 'Remove tenant-wide grants',
        removing: 'Removing…',
        removed: 'Grants removed',
        byHand:
          'By hand: in Entra under Enterprise applications, this application, Permissions, revoke each of them. Then look again.',
        notReadable: 'It could not be read which grants are left. It is looked at again by itself.',
        again: 'Look again',
        failed: 'The grants could not be removed',
        failedRemedy: 'Try again, or remove them by hand in Entra.',
      },
      proveText: 'Mailboxes on both sides are opened once each. No mail is read.',
      done: {
        done: (what: string) => `Last change done: ${what}`,
        undone: (what: string) => `Last change given up: ${what}`,
      },
      giveUp: 'Give this change up',
      giveUpTitle: 'Give this change up?',
      giveUpText:
        'The plan goes, and what is intended goes with it. What the script made in Exchange stays until you run the undo script. Grants that were removed in Entra stay removed; grant consent again if you need them.',
      giveUpNothing: 'Nothing has been made in Exchange yet. The plan goes, and what is intended goes with it.',
      givenUp: 'The change was given up',
    },
    script: {
      label: 'Script',
      show: 'Show the script',
      download: 'Download the script',
      copy: 'Copy the script',
      undo: 'Download the undo script',
      sha: 'SHA-256',
      howTo:
        'Run it in Windows PowerShell 5.1 or PowerShell 7 as Exchange Administrator. It asks you to sign in and writes a JSON file beside itself.',
    },
    result: {
      title: 'Bring the result',
      drop: 'Drop the JSON file here that the script wrote, or choose it.',
      choose: 'Choose the file',
      input: 'Result file (JSON)',
      reading: 'Reading the result…',
      tooLarge: 'This file is too large to be a result of the script.',
    },
    run: {
      now: 'Run now (experimental)',
      whatIf: 'Try without changing (-WhatIf)',
      running: 'Running in Exchange…',
      confirmTitle: 'Change Exchange now?',
      confirmText: {
        delegated: 'The steps are carried out over the experimental gateway, as you. The undo script takes them back.',
        application:
          'The steps are carried out over the experimental gateway, as the application. The undo script takes them back.',
      },
    },
    report: {
      title: 'What the last run did',
      step: 'Step',
      outcome: 'Outcome',
      kind: {
        ensure_service_principal: 'Entry of the application',
        ensure_management_scope: 'Scope',
        ensure_role_assignment: 'Role',
        remove_role_assignment: 'Remove role',
        remove_management_scope: 'Remove scope',
        ensure_application_access_policy: 'Policy',
        remove_application_access_policy: 'Remove policy',
        test_role_assignments: 'Test of roles',
        test_application_access_policy: 'Test of policies',
        read_configuration: 'Read what Exchange enforces',
      } as Readonly<Record<string, string>>,
      outcomes: {
        changed: 'Changed',
        already_there: 'Already there',
        would_change: 'Would change',
        passed: 'Passed',
        failed: 'Failed',
        read: 'Read',
        error: 'Error',
        not_run: 'Not run',
      } satisfies Record<StepOutcome, string>,
    },

    proof: {
      title: 'Proof',
      sample: 'A sample of both sides',
      sweep: 'Every mailbox',
      never: 'The limit has not been proved yet.',
      running: 'Trying mailboxes on both sides',
      progress: (done: number, total: number) => `${n(done)} of ${mailboxes(total)}`,
      failed: 'The proof could not finish. What was found stays; start it again.',
      inside: 'Must open',
      outside: 'Must stay closed',
      insideLine: (open: number, total: number) => `${n(open)} of ${mailboxes(total)} open`,
      outsideLine: (closed: number, total: number) => `${n(closed)} of ${mailboxes(total)} closed`,
      openInstead: (count: number) => `${n(count)} ${count === 1 ? 'is' : 'are'} readable`,
      closedInstead: (count: number) => `${n(count)} ${count === 1 ? 'is' : 'are'} closed`,
      couldNotTell: (count: number) => `${n(count)} could not be told`,
      noMailbox: (count: number) => `${n(count)} without a mailbox`,
      verdict: proofVerdictWords,
      blocked: 'Should be in reach and are not',
      announce: (done: number, total: number) => `${n(done)} of ${mailboxes(total)} tried`,
    },
    leak: {
      title: {
        allow: (open: number, total: number) =>
          `Scope not effective: ${n(open)} of ${mailboxes(total)} outside the group ${open === 1 ? 'is' : 'are'} readable.`,
        block: (open: number, total: number) =>
          `Scope not effective: ${n(open)} of ${mailboxes(total)} that should stay closed ${open === 1 ? 'is' : 'are'} readable.`,
      } satisfies Record<ScopeList, unknown>,
      list: 'Readable and should not be',
      why: {
        nested_group: 'member of a nested group',
        recently_moved: 'moved recently; Exchange may still know the old group',
        shared: 'shared mailbox',
        other: 'outside the limit',
      } satisfies Record<ScopeProof['leaks'][number]['why'], string>,
      next: 'Look at what Exchange enforces on the Connectivity page.',
    },
    drift: {
      title: 'Changed in Microsoft 365, not here',
      what: {
        grant_added: (subject: string) => `Entra grants ${subject} now`,
        grant_removed: (subject: string) => `Entra no longer grants ${subject}`,
        policy_added: (subject: string) => `A policy was added: ${subject}`,
        policy_removed: (subject: string) => `A policy was removed: ${subject}`,
        assignment_added: (subject: string) => `A role was given to the application: ${subject}`,
        assignment_removed: (subject: string) => `A role was taken from the application: ${subject}`,
        scope_changed: (subject: string) => `The scope ${subject} was changed`,
        group_changed: (subject: string) => `The members of ${subject} changed`,
        mailboxes_exposed: (subject: string) => `More mailboxes can be opened than intended: ${subject}`,
        application_removed: (subject: string) => `The application was removed from the tenant: ${subject}`,
      } satisfies Record<ScopeDrift['what'], unknown>,
      found: 'Found',
      by: (name: string) => `changed by ${name}`,
      stops: (features: string) => `Stops working: ${features}.`,
      reaches: (features: string) => `Reaches more: ${features}.`,
      dismiss: 'Dismiss',
      dismissNamed: (what: string) => `Dismiss: ${what}`,
    },
  };
}
