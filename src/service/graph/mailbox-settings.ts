import type { MailboxSettings } from '@microsoft/microsoft-graph-types';
import { z } from 'zod';
import type { Probe } from './probe.ts';

const settings = z.looseObject({ userPurpose: z.string().min(1) } satisfies Partial<
  Record<keyof MailboxSettings, z.ZodType>
>);

/** Reads what kind of mailbox it is. */
export const mailboxSettingsProbe: Probe = {
  capability: 'settings',
  path: (mailbox) => `/users/${mailbox}/mailboxSettings?$select=userPurpose`,
  isExpected: (body) => settings.safeParse(body).success,
};
