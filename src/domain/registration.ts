/**
 * Name of an application registration in the operator's configuration; empty for the service's own one. Its client id and
 * credential never leave the configuration.
 */
export type RegistrationName = string & { readonly __name: 'registration' };

/** The registration that the tab signs in with; organizations use it unless they name another one. */
export const ownRegistration = '' as RegistrationName;
