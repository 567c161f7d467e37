import { calendar } from './calendar.ts';
import { contacts } from './contacts.ts';
import { mail } from './mail.ts';
import { mailboxSettings } from './mailbox-settings.ts';
import type { Operation } from './operation.ts';
import { users } from './users.ts';

/** Everything of Microsoft Graph that the simulated tenant knows, beside `$batch`. */
export const operations: readonly Operation[] = [...users, ...mailboxSettings, ...mail, ...calendar, ...contacts];
