import type { Contact } from '@microsoft/microsoft-graph-types';
import { z } from 'zod';
import type { UserId } from '../../domain/ids.ts';
import type { Probe } from './probe.ts';

const contact = z.looseObject({ id: z.string().min(1) } satisfies Partial<Record<keyof Contact, z.ZodType>>);
const contactList = z.looseObject({ value: z.array(contact) });

/** Opens the default contacts folder: the id of one contact, or none where there is none. */
export const contactsProbe: Probe = {
  capability: 'contacts',
  path: (mailbox) => `/users/${mailbox}/contacts?$select=id&$top=1`,
  isExpected: (body) => contactList.safeParse(body).success,
};

/** Asks for one contact, because it tells the id of the default folder; Graph lists only the other folders. */
export function contactFolderPath(mailbox: UserId): string {
  return `/users/${mailbox}/contacts?$select=id,parentFolderId&$top=1`;
}

const withFolder = z.looseObject({ value: z.array(z.looseObject({ parentFolderId: z.string().min(1) })) });

/** @returns the id of the default contact folder; null without contacts; undefined for any other body */
export function readContactFolder(body: unknown): string | null | undefined {
  const parsed = withFolder.safeParse(body);
  return parsed.success ? (parsed.data.value[0]?.parentFolderId ?? null) : undefined;
}

/** Contact folders inside another one, or inside the default one, which no list names. */
export function contactFoldersPath(mailbox: UserId, parentId?: string): string {
  const parent = parentId === undefined ? '' : `/${encodeURIComponent(parentId)}/childFolders`;
  return `/users/${mailbox}/contactFolders${parent}?$select=id&$top=250`;
}

const folderPage = z.looseObject({
  value: z.array(z.looseObject({ id: z.string().min(1).max(2_000) })),
  '@odata.nextLink': z.string().max(16_000).optional(),
});

/** @returns undefined for a body that is no page of folders */
export function readContactFolders(body: unknown): { ids: string[]; nextLink: string | undefined } | undefined {
  const parsed = folderPage.safeParse(body);
  if (!parsed.success) return undefined;
  return { ids: parsed.data.value.map(({ id }) => id), nextLink: parsed.data['@odata.nextLink'] };
}

/** Changes in a contact folder, ids only. */
export function contactsDeltaPath(mailbox: UserId, folderId: string): string {
  return `/users/${mailbox}/contactFolders/${encodeURIComponent(folderId)}/contacts/delta?$select=id`;
}
