import { connectionWords, mailboxStatusWords, statusWords } from '../../contract/list-words.ts';
import { consentStateWords } from '../../contract/report-words.ts';
import { activity } from './en/activity.ts';
import { addUsers } from './en/add-users.ts';
import { amounts } from './en/amounts.ts';
import { assignmentRules } from './en/assignment-rules.ts';
import { boot } from './en/boot.ts';
import { capability, common, fixedBy } from './en/common.ts';
import { connectivity } from './en/connectivity.ts';
import { consent } from './en/consent.ts';
import { errors } from './en/errors.ts';
import { ews } from './en/ews-migrations.ts';
import { features } from './en/features.ts';
import { access } from './en/mailbox-access.ts';
import { check } from './en/mailbox-connectivity.ts';
import { scope } from './en/mailbox-scope.ts';
import { sync } from './en/mailbox-sync.ts';
import { organizations } from './en/organizations.ts';
import { overview } from './en/overview.ts';
import { requestRate } from './en/request-rate.ts';
import { savedViews } from './en/saved-views.ts';
import { shell } from './en/shell.ts';
import { signIn } from './en/sign-in.ts';
import { userCommands } from './en/user-commands.ts';
import { users } from './en/users.ts';
import type { Format } from './format.ts';

/**
 * Every word the tab shows in English, one file per feature. The words of reasons and of the service's errors come from
 * the contract.
 */
export function en(format: Format) {
  const amount = amounts(format);
  return {
    product: 'Mailbox Access',
    common: common(amount),
    status: statusWords,
    capability,
    connection: connectionWords,
    mailboxStatus: mailboxStatusWords,
    impersonation: consentStateWords,
    fixedBy,
    shell,
    boot,
    signIn,
    errors,
    overview: overview(amount),
    organizations: organizations(amount),
    users: users(amount),
    userCommands: userCommands(amount),
    savedViews,
    sync: sync(amount),
    addUsers: addUsers(amount),
    assignmentRules: assignmentRules(amount),
    connectivity,
    features: features(amount),
    consent: consent(amount),
    check: check(amount),
    requestRate: requestRate(amount),
    scope: scope(amount),
    access,
    ews: ews(amount),
    activity: activity(amount),
  };
}

export type Texts = ReturnType<typeof en>;
