import type { Mailbox, MailFolder, Message } from '../tenant/mailbox.ts';
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

export function folderResource(call: Call, mailbox: Mailbox, folder: MailFolder): Record<string, unknown> {
  // What is counted is counted when it is asked for.
  return {
    id: idOf(call, 'folder', folder.key),
    displayName: folder.displayName,
    get parentFolderId() {
      return idOf(call, 'folder', folder.parentKey ?? 'store');
    },
    get childFolderCount() {
      return mailbox.folders.filter((each) => each.parentKey === folder.key).length;
    },
    get unreadItemCount() {
      return mailbox.messagesIn(folder).filter(({ isRead }) => !isRead).length;
    },
    get totalItemCount() {
      return mailbox.countIn(folder);
    },
    isHidden: false,
  };
}

/** Outlook writes stamps of items in whole seconds. */
export const stamp = (instant: Date) => `${instant.toISOString().slice(0, 19)}Z`;
