import { licences } from '../tenant/licences.ts';
import type { Person } from '../tenant/person.ts';

/** What Graph answers for a user when nothing is selected. */
export const defaultUserProperties = [
  'businessPhones',
  'displayName',
  'givenName',
  'id',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
];

/** What `User.ReadBasic.All` allows to see. @see Microsoft Learn, permissions reference, User.ReadBasic.All */
export const basicUserProperties = ['displayName', 'givenName', 'id', 'mail', 'surname', 'userPrincipalName'];

/** A user with every property that this tenant keeps. */
export function userResource(person: Person): Record<string, unknown> {
  const synchronized = person.onPremisesSyncEnabled;
  return {
    id: person.id,
    accountEnabled: person.accountEnabled,
    assignedLicenses: person.licences.map((licence) => ({ disabledPlans: [], skuId: licences[licence].skuId })),
    assignedPlans: person.licences.flatMap((licence) =>
      licences[licence].plans.map((plan) => ({
        assignedDateTime: dateTime(person.createdAt),
        capabilityStatus: 'Enabled',
        service: plan.service,
        servicePlanId: plan.servicePlanId,
      })),
    ),
    businessPhones: [],
    companyName: person.userType === 'Guest' ? 'Fabrikam' : null,
    createdDateTime: dateTime(person.createdAt),
    creationType: person.userType === 'Guest' ? 'Invitation' : null,
    deletedDateTime: person.deletedAt ? dateTime(person.deletedAt) : null,
    department: person.department,
    displayName: person.displayName,
    externalUserState: person.userType === 'Guest' ? 'Accepted' : null,
    givenName: person.givenName,
    jobTitle: person.jobTitle,
    mail: person.mail,
    mailNickname: person.userPrincipalName.split('@')[0],
    mobilePhone: null,
    officeLocation: person.officeLocation,
    onPremisesDomainName: synchronized ? 'corp.contoso.example' : null,
    onPremisesLastSyncDateTime: synchronized ? dateTime(person.createdAt) : null,
    onPremisesSamAccountName: synchronized ? person.userPrincipalName.split('@')[0] : null,
    onPremisesSyncEnabled: synchronized,
    otherMails: person.userType === 'Guest' && person.mail ? [person.mail] : [],
    preferredLanguage: null,
    proxyAddresses: person.proxyAddresses,
    surname: person.surname,
    usageLocation: 'PT',
    userPrincipalName: person.userPrincipalName,
    userType: person.userType,
  };
}

/** An instant as Graph's directory writes it: UTC, whole seconds. */
export const dateTime = (instant: Date) => `${instant.toISOString().slice(0, 19)}Z`;
