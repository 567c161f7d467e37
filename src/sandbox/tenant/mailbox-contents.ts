import type { CalendarEvent, Contact, MailFolder, Message } from './mailbox.ts';
import type { Person } from './person.ts';
import { digestOf, seededRandom } from './random.ts';

const hourMs = 3600_000;
const dayMs = 24 * hourMs;

const subjects = [
  'Budget for the next quarter',
  'Lunch on Thursday?',
  'Minutes of the meeting',
  'Re: offer from Fabrikam',
  'Your parcel is on its way',
  'Vacation plan',
  'Access card for the new building',
  'Draft of the contract',
];
const appointments = ['Weekly meeting', 'Interview', 'Planning', 'One to one', 'Dentist', 'Review'];
const friends = [
  ['Nikola', 'Tesla'],
  ['Lise', 'Meitner'],
  ['Chien-Shiung', 'Wu'],
  ['Satyendra', 'Bose'],
  ['Cecilia', 'Payne'],
  ['Jocelyn', 'Bell'],
] as const;

const untouched = { createdAtVersion: 1, changedAtVersion: 1, removed: false };

const folderKey = (owner: Person, name: string) => digestOf(`${owner.id}/folder/${name}`, 16);

export function makeFolders(owner: Person): MailFolder[] {
  const root = folderKey(owner, 'msgfolderroot');
  const wellKnown = (displayName: string, wellKnownName: string): MailFolder => ({
    key: folderKey(owner, wellKnownName),
    displayName,
    wellKnownName,
    parentKey: root,
  });
  return [
    { key: root, displayName: 'Top of Information Store', wellKnownName: 'msgfolderroot' },
    wellKnown('Inbox', 'inbox'),
    wellKnown('Drafts', 'drafts'),
    wellKnown('Sent Items', 'sentitems'),
    wellKnown('Deleted Items', 'deleteditems'),
    wellKnown('Archive', 'archive'),
    wellKnown('Junk Email', 'junkemail'),
    { key: folderKey(owner, 'projects'), displayName: 'Projects', parentKey: folderKey(owner, 'inbox') },
  ];
}

/** How many messages each folder has to begin with, by the folder's key. */
export function messageCounts(owner: Person): ReadonlyMap<string, number> {
  const random = seededRandom(`${owner.id}/counts`);
  return new Map([
    [folderKey(owner, 'inbox'), random.integer(3, 14)],
    [folderKey(owner, 'sentitems'), random.integer(0, 6)],
    [folderKey(owner, 'projects'), random.integer(0, 4)],
  ]);
}

export function makeMessages(owner: Person, around: Date): Message[] {
  const random = seededRandom(`${owner.id}/messages`);
  return [...messageCounts(owner)].flatMap(([folderKey, count]) =>
    Array.from({ length: count }, (_, index) => ({
      ...untouched,
      key: digestOf(`${owner.id}/${folderKey}/${index}`, 16),
      folderKey,
      subject: random.pick(subjects),
      bodyText: `Dear ${owner.givenName ?? owner.displayName}, this is message ${index + 1}.`,
      from: { name: 'Grace Hopper', address: 'grace@contoso.example' },
      receivedAt: new Date(around.getTime() - random.integer(1, 90 * 24) * hourMs),
      isRead: random.next() < 0.7,
      importance: random.next() < 0.1 ? 'high' : 'normal',
    })),
  );
}

export function makeEvents(owner: Person, around: Date): CalendarEvent[] {
  const random = seededRandom(`${owner.id}/events`);
  const midnight = Math.floor(around.getTime() / dayMs) * dayMs;
  return Array.from({ length: random.integer(2, 8) }, (_, index) => {
    const startsAt = midnight + random.integer(-14, 28) * dayMs + random.integer(8, 16) * hourMs;
    return {
      ...untouched,
      key: digestOf(`${owner.id}/calendar/${index}`, 16),
      subject: random.pick(appointments),
      startsAt: new Date(startsAt),
      endsAt: new Date(startsAt + hourMs),
      location: random.pick(['', 'Meeting Room Lisbon', 'Online']),
    };
  });
}

export function makeContacts(owner: Person): Contact[] {
  const random = seededRandom(`${owner.id}/contacts`);
  return friends.slice(0, random.integer(0, friends.length)).map(([givenName, surname], index) => ({
    ...untouched,
    key: digestOf(`${owner.id}/contacts/${index}`, 16),
    displayName: `${givenName} ${surname}`,
    givenName,
    surname,
    address: `${givenName}.${surname}@fabrikam.example`.toLowerCase(),
  }));
}
