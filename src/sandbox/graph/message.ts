import type { Mailbox, MailFolder, Message } from '../tenant/mailbox.ts';
import { pick, selected } from './collection.ts';
import type { Call } from './operation.ts';
import { changeKeyOf, etagOf, idOf } from './outlook-item.ts';

/** Properties that `Mail.ReadBasic.All` hides. @see Microsoft Learn, permissions reference, Mail.ReadBasic */
export const hiddenFromBasic = ['body', 'bodyPreview', 'uniqueBody'];

export function messageResource(call: Call, mailbox: Mailbox, message: Message): Record<string, unknown> {
  const version = message.changedAtVersion;
  const to = { emailAddress: { name: mailbox.owner.displayName, address: mailbox.owner.mail } };
  const from = { emailAddress: message.from };
  return {
    '@odata.etag': etagOf(message.key, version),
    id: idOf(call, 'message', message.key),
    createdDateTime: stamp(message.receivedAt),
    lastModifiedDateTime: stamp(message.receivedAt),
    changeKey: changeKeyOf(message.key, version),
    categories: [],
    receivedDateTime: stamp(message.receivedAt),
    sentDateTime: stamp(message.receivedAt),
    hasAttachments: false,
    internetMessageId: `<${message.key}@contoso.example>`,
    subject: message.subject,
    bodyPreview: message.bodyText.slice(0, 255),
    importance: message.importance,
    parentFolderId: idOf(call, 'folder', message.folderKey),
    conversationId: idOf(call, 'conversation', message.key),
    isDeliveryReceiptRequested: null,
    isReadReceiptRequested: false,
    isRead: message.isRead,
    isDraft: false,
    webLink: `https://outlook.office365.com/owa/?ItemID=${message.key}&exvsurl=1&viewmodel=ReadMessageItem`,
    inferenceClassification: 'focused',
    body: { contentType: 'text', content: message.bodyText },
    sender: from,
    from,
    toRecipients: [to],
    ccRecipients: [],
    bccRecipients: [],
    replyTo: [],
    flag: { flagStatus: 'notFlagged' },
  };
}

type ReadProperty = (call: Call, mailbox: Mailbox, folder: MailFolder) => unknown;

/** What Graph says of a folder. What has to be counted is counted when it is asked for. */
const folderProperties: Readonly<Record<string, ReadProperty>> = {
  id: (call, _mailbox, { key }) => idOf(call, 'folder', key),
  displayName: (_call, _mailbox, { displayName }) => displayName,
  parentFolderId: (call, _mailbox, { parentKey }) => idOf(call, 'folder', parentKey ?? 'store'),
  childFolderCount: (_call, { folders }, { key }) => folders.filter(({ parentKey }) => parentKey === key).length,
  unreadItemCount: (_call, mailbox, folder) => mailbox.messagesIn(folder).filter(({ isRead }) => !isRead).length,
  totalItemCount: (_call, mailbox, folder) => mailbox.countIn(folder),
  isHidden: () => false,
};

/** The properties of a folder that the request selects. @throws {GraphError} 400 for one that a folder does not have */
export function selectedOfFolder(call: Call, mailbox: Mailbox, folder: MailFolder): Record<string, unknown> {
  const resource: Record<string, unknown> = {};
  const properties = pick(folderProperties, selected(call), 'mailFolder');
  for (const [name, read] of Object.entries(properties)) resource[name] = read(call, mailbox, folder);
  return resource;
}

/** A folder whose properties are read when they are picked. */
export function folderResource(call: Call, mailbox: Mailbox, folder: MailFolder): Record<string, unknown> {
  const resource = {};
  for (const [name, read] of Object.entries(folderProperties)) {
    Object.defineProperty(resource, name, { enumerable: true, get: () => read(call, mailbox, folder) });
  }
  return resource;
}

/** Outlook writes stamps of items in whole seconds. */
export const stamp = (instant: Date) => `${instant.toISOString().slice(0, 19)}Z`;
