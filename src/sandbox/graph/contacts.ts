import type { Contact, ContactFolder, Mailbox } from '../tenant/mailbox.ts';
import { itemNotFound } from './graph-error.ts';
import { stamp } from './message.ts';
import type { Call, GraphAnswer, Operation } from './operation.ts';
import { outlookPage, outlookQuery } from './outlook-collection.ts';
import { answerDelta, deltaQuery } from './outlook-delta.ts';
import { changeKeyOf, etagOf, idOf, keyIn } from './outlook-item.ts';

const outlook = {
  method: 'GET',
  service: 'outlook',
  permissions: {
    application: ['Contacts.Read', 'Contacts.ReadWrite'],
    delegated: ['Contacts.Read', 'Contacts.ReadWrite'],
  },
} as const;

export const contacts: readonly Operation[] = [
  { ...outlook, path: '/users/{user-id}/contacts', query: outlookQuery, answer: listContacts },
  { ...outlook, path: '/users/{user-id}/contactFolders', query: outlookQuery, answer: listFolders },
  {
    ...outlook,
    path: '/users/{user-id}/contactFolders/{contactFolder-id}/childFolders',
    query: outlookQuery,
    answer: listChildFolders,
  },
  {
    ...outlook,
    path: '/users/{user-id}/contactFolders/{contactFolder-id}/contacts/delta()',
    query: [...deltaQuery, '$select', '$top'],
    answer: contactsDelta,
  },
];

const sortable = ['displayName', 'givenName', 'surname', 'createdDateTime'];
/** The default contact folder of a mailbox. */
const folderKeyOf = (mailbox: Mailbox) => `contacts/${mailbox.owner.id}`;

/** Contacts of the default folder. */
function listContacts(call: Call): GraphAnswer {
  const mailbox = call.tenant.mailbox(call.path['user-id'] ?? '');
  const present = mailbox.contacts.filter((contact) => !contact.removed && !contact.folderKey);
  const resources = present.map((contact) => contactResource(call, mailbox, contact));
  return outlookPage(call, resources, { typeName: 'contact', context: 'contacts', sortable });
}

/** Folders beside the default one, which Outlook does not list, and without the folders inside them. */
function listFolders(call: Call): GraphAnswer {
  return foldersIn(call, undefined, 'contactFolders');
}

function listChildFolders(call: Call): GraphAnswer {
  const asked = call.path['contactFolder-id'] ?? '';
  const mailbox = call.tenant.mailbox(call.path['user-id'] ?? '');
  const key = keyIn(asked, 'folder');
  if (!mailbox.contactFolders.some((folder) => folder.key === key)) throw itemNotFound();
  return foldersIn(call, key, `contactFolders('${asked}')/childFolders`);
}

function foldersIn(call: Call, parentKey: string | undefined, context: string): GraphAnswer {
  const mailbox = call.tenant.mailbox(call.path['user-id'] ?? '');
  const inside = mailbox.contactFolders.filter((folder) => folder.parentKey === parentKey);
  const resources = inside.map((folder) => folderResource(call, mailbox, folder));
  return outlookPage(call, resources, { typeName: 'contactFolder', context, sortable: ['displayName'] });
}

function folderResource(call: Call, mailbox: Mailbox, folder: ContactFolder): Record<string, unknown> {
  return {
    id: idOf(call, 'folder', folder.key),
    parentFolderId: idOf(call, 'folder', folder.parentKey ?? folderKeyOf(mailbox)),
    displayName: folder.displayName,
  };
}

/** @see Microsoft Learn, contact: delta */
function contactsDelta(call: Call): GraphAnswer {
  const asked = call.path['contactFolder-id'] ?? '';
  const mailbox = call.tenant.mailbox(call.path['user-id'] ?? '');
  const key = keyIn(asked, 'folder');
  const isDefault = key === folderKeyOf(mailbox);
  if (key === undefined || !(isDefault || mailbox.contactFolders.some((folder) => folder.key === key))) {
    throw itemNotFound();
  }
  return answerDelta(call, mailbox, {
    items: mailbox.contacts.filter((contact) => (contact.folderKey ?? folderKeyOf(mailbox)) === key),
    kind: 'contact',
    scope: key,
    context: `users('${call.path['user-id']}')/contactFolders('${asked}')/contacts`,
    write: (contact) => contactResource(call, mailbox, contact),
  });
}

function contactResource(call: Call, mailbox: Mailbox, contact: Contact): Record<string, unknown> {
  const version = contact.changedAtVersion;
  return {
    '@odata.etag': etagOf(contact.key, version),
    id: idOf(call, 'contact', contact.key),
    createdDateTime: stamp(new Date(0)),
    lastModifiedDateTime: stamp(new Date(0)),
    changeKey: changeKeyOf(contact.key, version),
    categories: [],
    parentFolderId: idOf(call, 'folder', contact.folderKey ?? folderKeyOf(mailbox)),
    fileAs: `${contact.surname}, ${contact.givenName}`,
    displayName: contact.displayName,
    givenName: contact.givenName,
    surname: contact.surname,
    jobTitle: null,
    companyName: 'Fabrikam',
    imAddresses: [],
    homePhones: [],
    mobilePhone: null,
    businessPhones: [],
    emailAddresses: [{ name: contact.displayName, address: contact.address }],
  };
}
