import type { MailFolder } from '@microsoft/microsoft-graph-types';
import { z } from 'zod';
import type { UserId } from '../../domain/ids.ts';
import type { Probe } from './probe.ts';

const inbox = z.looseObject({ id: z.string().min(1), totalItemCount: z.int().min(0) } satisfies Partial<
  Record<keyof MailFolder, z.ZodType>
>);

/** Opens the inbox: its id and how many items it has. */
export const inboxProbe: Probe = {
  capability: 'mail',
  path: (mailbox) => `/users/${mailbox}/mailFolders/inbox?$select=id,totalItemCount`,
  isExpected: (body) => inbox.safeParse(body).success,
};

/** Changes in a folder that every mailbox has, ids only. */
export function messagesDeltaPath(mailbox: UserId, folder: 'inbox' | 'sentitems'): string {
  return `/users/${mailbox}/mailFolders/${folder}/messages/delta?$select=id`;
}
