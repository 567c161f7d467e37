import type { ProbedCapability } from '../../domain/mailbox-access/capability.ts';
import { calendarProbe } from './calendar.ts';
import { contactsProbe } from './contacts.ts';
import { inboxProbe } from './mail.ts';
import { mailboxSettingsProbe } from './mailbox-settings.ts';
import type { Probe } from './probe.ts';

/** The request that tries each capability that can be tried. */
export const probeOf: Readonly<Record<ProbedCapability, Probe>> = {
  mail: inboxProbe,
  calendar: calendarProbe,
  contacts: contactsProbe,
  settings: mailboxSettingsProbe,
};
