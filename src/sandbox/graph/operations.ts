import { applications } from './applications.ts';
import { calendar } from './calendar.ts';
import { contacts } from './contacts.ts';
import { groups } from './groups.ts';
import { mail } from './mail.ts';
import { mailboxSettings } from './mailbox-settings.ts';
import type { Operation } from './operation.ts';
import { organization } from './organization.ts';
import { servicePrincipals } from './service-principals.ts';
import { userRelations } from './user-relations.ts';
import { users } from './users.ts';

/** Everything of Microsoft Graph that the simulated tenant knows, beside `$batch`. */
export const operations: readonly Operation[] = [
  ...users,
  ...userRelations,
  ...groups,
  ...servicePrincipals,
  ...applications,
  ...organization,
  ...mailboxSettings,
  ...mail,
  ...calendar,
  ...contacts,
];
