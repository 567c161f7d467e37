import { createContext, useContext } from 'react';
import type { Organization } from '../contract/organizations.ts';
import { useConfiguration } from './configuration-context.ts';

/** The application that a page is about: that of its organization. */
export type ShownApplication = Pick<Organization, 'registration' | 'clientId'>;

/** Absent on pages about no organization: there it is the service's own application. */
export const ShownApplicationContext = createContext<ShownApplication | undefined>(undefined);

export function useShownApplication(): ShownApplication {
  const { clientId } = useConfiguration();
  return (
    useContext(ShownApplicationContext) ?? { registration: null, clientId: clientId as ShownApplication['clientId'] }
  );
}

/** How an application is named to the service: by its registration, or by nothing. */
export function queryOf({ registration }: Pick<ShownApplication, 'registration'>): { registration?: string } {
  return registration === null ? {} : { registration };
}
