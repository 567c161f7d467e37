import type { Clock } from '../clock.ts';
import { type Group, namedGroups, propertiesOfKind } from './group.ts';
import type { Licence } from './licences.ts';
import { type NamedPerson, namedPeople } from './named-people.ts';
import { familyNames, givenNames, oddNames } from './names.ts';
import type { MailboxState, Person, UserPurpose } from './person.ts';
import { guidOf, type Random, seededRandom } from './random.ts';
import { defaultTenant } from './registration.ts';
import type { Tenant } from './tenant.ts';

const departments = ['Sales', 'Engineering', 'Finance', 'Legal', 'Marketing', 'Operations', 'Research', 'IT', 'HR'];
const cities = ['Lisbon', 'Lyon', 'Graz', 'Turku', 'Gdansk', 'Bologna', 'Leeds', 'Ghent'];
const jobTitles = ['Engineer', 'Manager', 'Analyst', 'Consultant', 'Assistant', 'Director', null];

type NewPerson = Omit<Person, 'changedAtVersion'>;

/** Fills a tenant with the people and groups that tests call by name, and with `count` generated people. */
export function seedTenant(tenant: Tenant, count: number, clock: Clock): void {
  const createdAt = new Date(clock.now().getTime() - 400 * 24 * 3600_000);
  for (const person of Object.values<NamedPerson>(namedPeople)) tenant.add(named(person, tenant, createdAt));
  const random = seededRandom(`${tenant.id}/people`);
  for (let number = 1; number <= count; number++) tenant.add(generated(number, tenant, random, createdAt));
  seedGroups(tenant, createdAt);
}

/** In another tenant than Contoso the same people have other ids and another domain. */
function named(person: NamedPerson, tenant: Tenant, createdAt: Date): NewPerson {
  const id = tenant.id === defaultTenant.tenantId ? person.id : guidOf(`${tenant.id}/${person.id}`);
  const userPrincipalName = person.userPrincipalName.replace(defaultTenant.domain, tenant.domain);
  const isGuest = person.userType === 'Guest';
  const mail = isGuest ? 'pat@fabrikam.example' : person.mailboxState === 'notEnabled' ? null : userPrincipalName;
  return {
    id,
    displayName: person.displayName,
    givenName: person.givenName ?? null,
    surname: person.surname ?? null,
    userPrincipalName,
    mail,
    proxyAddresses: mail && !isGuest ? [`SMTP:${mail}`] : [],
    userType: person.userType ?? 'Member',
    accountEnabled: person.accountEnabled ?? true,
    onPremisesSyncEnabled: person.onPremisesSyncEnabled ?? null,
    jobTitle: person.jobTitle ?? null,
    department: person.department ?? null,
    officeLocation: null,
    licences: [...(person.licences ?? [])],
    mailbox: { purpose: person.purpose ?? 'user', state: person.mailboxState ?? 'available' },
    directoryRoles: [...(person.directoryRoles ?? [])],
    createdAt,
    deletedAt: person.deleted ? new Date(createdAt.getTime() + 24 * 3600_000) : null,
    purged: false,
  };
}

interface Kind {
  readonly purpose?: UserPurpose;
  readonly state?: MailboxState;
  readonly licences?: readonly Licence[];
  readonly guest?: true;
  readonly disabled?: true;
  readonly synchronized?: true;
  readonly deleted?: true;
}

/** Kinds of accounts with how many of a thousand are like that; everybody else is licensed and simple. */
const kinds: readonly (readonly [perThousand: number, kind: Kind])[] = [
  [50, { licences: [], state: 'notEnabled' }],
  [15, { licences: ['powerAutomateFree'], state: 'notEnabled' }],
  [40, { licences: [], purpose: 'shared', disabled: true }],
  [20, { licences: [], purpose: 'room', disabled: true }],
  [10, { licences: [], purpose: 'equipment', disabled: true }],
  [30, { licences: [], guest: true, state: 'undiscoverable' }],
  [40, { licences: [], synchronized: true, state: 'onPremises' }],
  [60, { synchronized: true }],
  [10, { deleted: true, state: 'inactive' }],
  [10, { licences: [], state: 'inactive' }],
  [15, { disabled: true }],
  [80, { licences: ['microsoft365F3'] }],
];

function kindOf(random: Random): Kind {
  let drawn = random.integer(0, 999);
  for (const [perThousand, kind] of kinds) {
    if (drawn < perThousand) return kind;
    drawn -= perThousand;
  }
  return {};
}

function generated(number: number, tenant: Tenant, random: Random, createdAt: Date): NewPerson {
  const kind = kindOf(random);
  const [givenName, surname] =
    random.next() < 0.04 ? random.pick(oddNames) : [random.pick(givenNames), random.pick(familyNames)];
  const city = random.pick(cities);
  const alias = `${ascii(givenName)}.${ascii(surname)}${number}`.toLowerCase();
  const isThing = kind.purpose !== undefined;
  const displayName = isThing ? nameOfThing(kind.purpose, number, city) : `${givenName} ${surname}`.trim();
  const userPrincipalName = kind.guest
    ? `${alias}_fabrikam.example#EXT#@${tenant.domain}`
    : `${isThing ? `${kind.purpose}.${number}` : alias}@${tenant.domain}`;
  const mail = kind.guest ? `${alias}@fabrikam.example` : kind.state === 'notEnabled' ? null : userPrincipalName;
  return {
    id: guidOf(`${tenant.id}/person/${number}`),
    displayName,
    givenName: isThing ? null : givenName,
    surname: isThing ? null : surname,
    userPrincipalName,
    mail,
    proxyAddresses: mail && !kind.guest ? [`SMTP:${mail}`, `smtp:${number}@${tenant.domain}`] : [],
    userType: kind.guest ? 'Guest' : 'Member',
    accountEnabled: !kind.disabled,
    onPremisesSyncEnabled: kind.synchronized ?? null,
    jobTitle: isThing ? null : random.pick(jobTitles),
    department: isThing ? null : random.pick(departments),
    officeLocation: city,
    licences: [...(kind.licences ?? [random.next() < 0.5 ? 'microsoft365E5' : ('microsoft365E3' as Licence)])],
    mailbox: { purpose: kind.purpose ?? 'user', state: kind.state ?? 'available' },
    directoryRoles: [],
    createdAt: new Date(createdAt.getTime() + number * 60_000),
    deletedAt: kind.deleted ? new Date(createdAt.getTime() + number * 120_000) : null,
    purged: false,
  };
}

function nameOfThing(purpose: UserPurpose | undefined, number: number, city: string): string {
  if (purpose === 'room') return `Meeting Room ${city} ${number}`;
  if (purpose === 'equipment') return `Equipment ${number} ${city}`;
  return `Team ${city} ${number}`;
}

/** Letters that a mail address can have; a name without any becomes `user`. */
function ascii(name: string): string {
  const letters = name.normalize('NFD').replace(/[^A-Za-z']/g, '');
  return letters.slice(0, 40) || 'user';
}

function seedGroups(tenant: Tenant, createdAt: Date): void {
  const people = tenant.people;
  const inDepartment = (department: string) =>
    people.filter((person) => person.department === department).map((person) => person.id);
  const sales = inDepartment('Sales');
  const europe = sales.filter((_, index) => index % 2 === 0);
  const members: Record<keyof typeof namedGroups, string[]> = {
    sales: [...sales.filter((id) => !europe.includes(id)), idOf(tenant, namedGroups.salesEurope.id)],
    salesEurope: europe,
    research: inDepartment('Research'),
    engineering: inDepartment('Engineering'),
    newsletter: people.filter((_, index) => index % 10 === 0).map((person) => person.id),
    empty: [],
  };
  for (const [name, { id, displayName, kind }] of Object.entries(namedGroups)) {
    const mailNickname = displayName.toLowerCase().replaceAll(' ', '.');
    tenant.addGroup({
      id: idOf(tenant, id),
      displayName,
      description: `${displayName} at ${tenant.displayName}`,
      mailNickname,
      mail: propertiesOfKind[kind].mailEnabled ? `${mailNickname}@${tenant.domain}` : null,
      ...propertiesOfKind[kind],
      visibility: kind === 'microsoft365' ? 'Private' : null,
      onPremisesSyncEnabled: null,
      memberIds: members[name as keyof typeof namedGroups],
      createdAt,
    });
  }
  for (const city of cities) tenant.addGroup(groupOfCity(city, people, tenant, createdAt));
}

function groupOfCity(city: string, people: readonly Person[], tenant: Tenant, createdAt: Date): Group {
  return {
    id: guidOf(`${tenant.id}/group/${city}`),
    displayName: `Office ${city}`,
    description: null,
    mail: `office.${city.toLowerCase()}@${tenant.domain}`,
    mailNickname: `office.${city.toLowerCase()}`,
    ...propertiesOfKind.mailEnabledSecurity,
    visibility: null,
    onPremisesSyncEnabled: city === 'Graz' ? true : null,
    memberIds: people.filter((person) => person.officeLocation === city).map((person) => person.id),
    createdAt,
  };
}

const idOf = (tenant: Tenant, id: string) => (tenant.id === defaultTenant.tenantId ? id : guidOf(`${tenant.id}/${id}`));
