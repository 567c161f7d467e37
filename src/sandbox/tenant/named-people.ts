import type { DirectoryRole } from './directory-roles.ts';
import type { Licence } from './licences.ts';
import type { MailboxState, UserPurpose } from './person.ts';

/** A person whom tests call by name. Everything left out is as for an ordinary employee without licence. */
export interface NamedPerson {
  readonly id: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly givenName?: string;
  readonly surname?: string;
  readonly jobTitle?: string;
  readonly department?: string;
  readonly licences?: readonly Licence[];
  readonly directoryRoles?: readonly DirectoryRole[];
  readonly purpose?: UserPurpose;
  readonly mailboxState?: MailboxState;
  readonly userType?: 'Member' | 'Guest';
  readonly accountEnabled?: boolean;
  readonly onPremisesSyncEnabled?: true;
  readonly deleted?: true;
}

const e5: readonly Licence[] = ['microsoft365E5'];

/** The same in every sandbox, with the same ids. */
export const namedPeople = {
  /** Global Administrator with a mailbox: may consent to everything. */
  ada: {
    id: '6b65a6a4-8b81-48f6-b38a-088ca65ed389',
    userPrincipalName: 'ada@contoso.example',
    displayName: 'Ada Lovelace',
    givenName: 'Ada',
    surname: 'Lovelace',
    jobTitle: 'Director of Collaboration',
    department: 'IT',
    licences: e5,
    directoryRoles: ['globalAdministrator'],
  },
  /** An ordinary employee with a mailbox. */
  grace: {
    id: '47378190-96da-4dac-b2ff-5d2a386ecbe0',
    userPrincipalName: 'grace@contoso.example',
    displayName: 'Grace Hopper',
    givenName: 'Grace',
    surname: 'Hopper',
    jobTitle: 'Engineer',
    department: 'Engineering',
    licences: e5,
  },
  /** Never had a licence: no mailbox. */
  linus: {
    id: 'c241330b-01a9-471f-9e8a-774bcf36d58b',
    userPrincipalName: 'linus@contoso.example',
    displayName: 'Linus Pauling',
    givenName: 'Linus',
    surname: 'Pauling',
    department: 'Research',
    mailboxState: 'notEnabled',
  },
  /** Has a licence, but none with a mailbox. */
  foundationOnly: {
    id: '6c307511-b2b9-437a-a8df-6ec4ce4a2bbd',
    userPrincipalName: 'rosalind@contoso.example',
    displayName: 'Rosalind Franklin',
    givenName: 'Rosalind',
    surname: 'Franklin',
    department: 'Research',
    licences: ['powerAutomateFree'],
    mailboxState: 'notEnabled',
  },
  sharedMailbox: {
    id: '371ecd7b-27cd-4130-8722-9389571aa876',
    userPrincipalName: 'info@contoso.example',
    displayName: 'Contoso Info',
    purpose: 'shared',
    accountEnabled: false,
  },
  room: {
    id: '1a2a73ed-562b-4f79-8374-59eef50bea63',
    userPrincipalName: 'room.lisbon@contoso.example',
    displayName: 'Meeting Room Lisbon',
    purpose: 'room',
    accountEnabled: false,
  },
  equipment: {
    id: '5be6128e-18c2-4797-a142-ea7d17be3111',
    userPrincipalName: 'projector@contoso.example',
    displayName: 'Projector 1',
    purpose: 'equipment',
    accountEnabled: false,
  },
  guest: {
    id: '43b7a3a6-9a8d-4a03-980d-7b71d8f56413',
    userPrincipalName: 'pat_fabrikam.example#EXT#@contoso.example',
    displayName: 'Pat Guest',
    userType: 'Guest',
    mailboxState: 'undiscoverable',
  },
  /** Synchronized from the customer's own servers, mailbox still there. */
  onPremises: {
    id: '759cde66-bacf-43d0-8b1f-9163ce9ff57f',
    userPrincipalName: 'henrietta@contoso.example',
    displayName: 'Henrietta Leavitt',
    givenName: 'Henrietta',
    surname: 'Leavitt',
    department: 'Observatory',
    onPremisesSyncEnabled: true,
    mailboxState: 'onPremises',
  },
  /** Synchronized from the customer's own servers, mailbox in Exchange Online. */
  hybrid: {
    id: 'ec1b8ca1-f91e-4d4c-9ff4-9b7889463e85',
    userPrincipalName: 'annie@contoso.example',
    displayName: 'Annie Cannon',
    givenName: 'Annie',
    surname: 'Cannon',
    department: 'Observatory',
    licences: e5,
    onPremisesSyncEnabled: true,
  },
  /** In the directory's deleted items. */
  softDeleted: {
    id: '4b0dbb41-8d52-48f1-942c-3fe860e7a113',
    userPrincipalName: 'hedy@contoso.example',
    displayName: 'Hedy Lamarr',
    givenName: 'Hedy',
    surname: 'Lamarr',
    licences: e5,
    mailboxState: 'inactive',
    deleted: true,
  },
  /** Lost the licence; the mailbox is kept for a while. */
  inactive: {
    id: 'e2acf72f-9e57-4f7a-a0ee-89aed453dd32',
    userPrincipalName: 'emmy@contoso.example',
    displayName: 'Emmy Noether',
    givenName: 'Emmy',
    surname: 'Noether',
    department: 'Research',
    mailboxState: 'inactive',
  },
  /** The mailbox moves to another database and answers 503. */
  moving: {
    id: '3139d32c-93cd-49bf-9c94-1cf0dc98d2c1',
    userPrincipalName: 'marie@contoso.example',
    displayName: 'Marie Curie',
    givenName: 'Marie',
    surname: 'Curie',
    department: 'Research',
    licences: e5,
    mailboxState: 'moving',
  },
  /** Created a moment ago: Exchange does not know the user yet. */
  justCreated: {
    id: 'a9488d99-0bbb-4599-91ce-5dd2b45ed1f0',
    userPrincipalName: 'katherine@contoso.example',
    displayName: 'Katherine Johnson',
    givenName: 'Katherine',
    surname: 'Johnson',
    licences: e5,
    mailboxState: 'provisioning',
  },
  /** The account may not sign in; its mailbox works all the same. */
  disabled: {
    id: 'fc377a4c-4a15-444d-85e7-ce8a3a578a8e',
    userPrincipalName: 'alan@contoso.example',
    displayName: 'Alan Turing',
    givenName: 'Alan',
    surname: 'Turing',
    licences: e5,
    accountEnabled: false,
  },
  apostrophe: {
    id: 'ddd1dfb2-3b98-4ef8-9af6-1a26146d3f31',
    userPrincipalName: "siobhan.o'brien@contoso.example",
    displayName: "Siobhán O'Brien",
    givenName: 'Siobhán',
    surname: "O'Brien",
    department: 'Sales',
    licences: e5,
  },
  /** No admin role at all, with a mailbox. */
  member: {
    id: '7412b293-4729-4739-a14f-f3d719db3ad0',
    userPrincipalName: 'mary@contoso.example',
    displayName: 'Mary Somerville',
    givenName: 'Mary',
    surname: 'Somerville',
    department: 'Sales',
    licences: ['microsoft365E3'],
  },
  /** Application Administrator: may not consent to Microsoft Graph's application permissions. */
  appAdmin: {
    id: '29a3b2e9-5d65-4441-9588-42dea2bc372f',
    userPrincipalName: 'barbara@contoso.example',
    displayName: 'Barbara Liskov',
    givenName: 'Barbara',
    surname: 'Liskov',
    department: 'IT',
    licences: e5,
    directoryRoles: ['applicationAdministrator'],
  },
  privilegedRoleAdmin: {
    id: 'ab9099a4-35a2-40ae-9af3-05535ec42e08',
    userPrincipalName: 'radia@contoso.example',
    displayName: 'Radia Perlman',
    givenName: 'Radia',
    surname: 'Perlman',
    department: 'IT',
    licences: e5,
    directoryRoles: ['privilegedRoleAdministrator'],
  },
  exchangeAdmin: {
    id: 'aefcfad8-efc8-4849-b3aa-7efe4458a885',
    userPrincipalName: 'margaret@contoso.example',
    displayName: 'Margaret Hamilton',
    givenName: 'Margaret',
    surname: 'Hamilton',
    department: 'IT',
    licences: e5,
    directoryRoles: ['exchangeAdministrator'],
  },
  teamsAdmin: {
    id: 'a28defe3-9bf0-4273-9247-6f57a5e5a5ab',
    userPrincipalName: 'karen@contoso.example',
    displayName: 'Karen Spärck Jones',
    givenName: 'Karen',
    surname: 'Spärck Jones',
    department: 'IT',
    licences: e5,
    directoryRoles: ['teamsAdministrator'],
  },
  globalReader: {
    id: '3eabedcb-baa8-4dd4-88bd-64072bcfbe01',
    userPrincipalName: 'sophie@contoso.example',
    displayName: 'Sophie Germain',
    givenName: 'Sophie',
    surname: 'Germain',
    department: 'Audit',
    licences: e5,
    directoryRoles: ['globalReader'],
  },
} as const satisfies Record<string, NamedPerson>;

export type PersonName = keyof typeof namedPeople;
