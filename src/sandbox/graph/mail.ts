import type { Mailbox, MailFolder, Message } from '../tenant/mailbox.ts';
import { contextOf, pick, selected } from './collection.ts';
import { accessDenied, itemNotFound } from './graph-error.ts';
import { folderResource, hiddenFromBasic, messageResource, selectedOfFolder } from './message.ts';
import type { Call, GraphAnswer, Operation, Permissions } from './operation.ts';
import { outlookPage, outlookQuery } from './outlook-collection.ts';
import { answerDelta, deltaQuery } from './outlook-delta.ts';
import { keyIn } from './outlook-item.ts';

const basic: Permissions = {
  application: ['Mail.ReadBasic.All', 'Mail.Read', 'Mail.ReadWrite'],
  delegated: ['Mail.ReadBasic', 'Mail.Read', 'Mail.ReadWrite'],
};
const outlook = { method: 'GET', service: 'outlook', permissions: basic } as const;

export const mail: readonly Operation[] = [
  { ...outlook, path: '/users/{user-id}/mailFolders', query: outlookQuery, answer: listFolders },
  { ...outlook, path: '/users/{user-id}/mailFolders/{mailFolder-id}', query: ['$select'], answer: getFolder },
  { ...outlook, path: '/users/{user-id}/messages', query: outlookQuery, answer: listMessages },
  { ...outlook, path: '/users/{user-id}/messages/{message-id}', query: ['$select'], answer: getMessage },
  {
    ...outlook,
    path: '/users/{user-id}/mailFolders/{mailFolder-id}/messages',
    query: outlookQuery,
    answer: listMessages,
  },
  {
    ...outlook,
    path: '/users/{user-id}/mailFolders/{mailFolder-id}/messages/delta()',
    query: [...deltaQuery, '$select', '$top', '$filter', '$orderby', 'changeType'],
    answer: messagesDelta,
  },
];

const sortable = ['receivedDateTime', 'isRead', 'subject', 'importance', 'hasAttachments'];

const mailboxOf = (call: Call) => call.tenant.mailbox(call.path['user-id'] ?? '');

function listFolders(call: Call): GraphAnswer {
  const mailbox = mailboxOf(call);
  const root = mailbox.folder('msgfolderroot');
  const folders = mailbox.folders.filter((folder) => folder.parentKey === root?.key);
  return outlookPage(
    call,
    folders.map((folder) => folderResource(call, mailbox, folder)),
    { typeName: 'mailFolder', context: 'mailFolders', sortable: ['displayName'] },
  );
}

function getFolder(call: Call): GraphAnswer {
  const mailbox = mailboxOf(call);
  const names = selected(call);
  const context = contextOf(call, `users('${call.path['user-id']}')/mailFolders${names ? `(${names})` : ''}/$entity`);
  const resource = selectedOfFolder(call, mailbox, folderIn(call, mailbox));
  return { status: 200, body: { '@odata.context': context, ...resource } };
}

function listMessages(call: Call): GraphAnswer {
  const mailbox = mailboxOf(call);
  const inFolder = call.path['mailFolder-id'] ? folderIn(call, mailbox) : undefined;
  const messages = inFolder ? mailbox.messagesIn(inFolder) : mailbox.messages.filter((message) => !message.removed);
  const newestFirst = messages.toSorted((one, other) => other.receivedAt.getTime() - one.receivedAt.getTime());
  return outlookPage(
    call,
    newestFirst.map((message) => visible(call, mailbox, message)),
    { typeName: 'message', context: 'messages', sortable },
  );
}

function getMessage(call: Call): GraphAnswer {
  const mailbox = mailboxOf(call);
  const key = keyIn(call.path['message-id'] ?? '', 'message');
  const message = mailbox.messages.find((each) => each.key === key && !each.removed);
  if (!message) throw itemNotFound();
  const context = contextOf(call, `users('${call.path['user-id']}')/messages/$entity`);
  const resource = pick(visible(call, mailbox, message), selected(call), 'message');
  return { status: 200, body: { '@odata.context': context, ...resource } };
}

/** @see Microsoft Learn, message: delta */
function messagesDelta(call: Call): GraphAnswer {
  const mailbox = mailboxOf(call);
  const folder = folderIn(call, mailbox);
  const asked = call.query.get('$select');
  if (asked && !readsBodies(call)) checkSelected(asked.split(','));
  return answerDelta(call, mailbox, {
    items: mailbox.messages.filter((message) => message.folderKey === folder.key),
    kind: 'message',
    scope: folder.key,
    context: `users('${call.path['user-id']}')/mailFolders('${call.path['mailFolder-id']}')/messages`,
    mayFilter: true,
    write: (message) => visible(call, mailbox, message),
  });
}

/** @throws {GraphError} 404 when the mailbox has no such folder */
function folderIn(call: Call, mailbox: Mailbox): MailFolder {
  const asked = call.path['mailFolder-id'] ?? '';
  const [name, key] = [asked.toLowerCase(), keyIn(asked, 'folder')];
  const folder = mailbox.folders.find((each) => each.wellKnownName === name || each.key === key);
  if (!folder) throw itemNotFound();
  return folder;
}

/** A message without what the permission hides. @throws {GraphError} 403 when something hidden is selected */
function visible(call: Call, mailbox: Mailbox, message: Message): Record<string, unknown> {
  const resource = messageResource(call, mailbox, message);
  if (readsBodies(call)) return resource;
  checkSelected(selected(call) ?? []);
  for (const name of hiddenFromBasic) delete resource[name];
  return resource;
}

function checkSelected(names: readonly string[]): void {
  if (names.some((name) => hiddenFromBasic.includes(name))) throw accessDenied();
}

const readsBodies = (call: Call) => call.holds('Mail.Read', 'Mail.ReadWrite');
