import { Client } from '@microsoft/microsoft-graph-client';
import type { Group, User } from '@microsoft/microsoft-graph-types';
import type { UserId } from '../../domain/ids.ts';
import { type GroupKind, kindOfGroup } from '../../domain/mailbox-scope/scope-group.ts';

/** A person of the tenant's directory. */
export interface Person {
  readonly id: UserId;
  readonly displayName: string;
  readonly userPrincipalName: string;
  readonly mail: string | null;
}

export interface DirectoryGroup {
  readonly id: string;
  readonly displayName: string;
  readonly mail: string | null;
  readonly kind: GroupKind;
}

export interface Found<Item> {
  readonly items: readonly Item[];
  /** Graph's next link: opaque, used as it is. */
  readonly nextLink: string | undefined;
}

/** Microsoft Graph as the signed-in admin sees it. Errors are the Graph client's own. */
export interface Directory {
  searchPeople(text: string, signal?: AbortSignal): Promise<Found<Person>>;
  searchGroups(text: string, signal?: AbortSignal): Promise<Found<DirectoryGroup>>;
  /** Users in the group, nested groups included; first page. */
  listMembers(groupId: string, signal?: AbortSignal): Promise<Found<Person>>;
  nextPeople(nextLink: string, signal?: AbortSignal): Promise<Found<Person>>;
}

const personFields = 'id,displayName,userPrincipalName,mail';
const groupFields = 'id,displayName,mail,mailEnabled,securityEnabled,groupTypes';

/**
 * @param graphEndpoint root of Microsoft Graph without version; the token goes to this origin and to no other
 */
export function createDirectory(graphEndpoint: string, getToken: () => Promise<string>): Directory {
  const root = new URL(graphEndpoint);
  const client = Client.initWithMiddleware({
    baseUrl: graphEndpoint,
    defaultVersion: 'v1.0',
    customHosts: new Set([root.hostname]),
    authProvider: { getAccessToken: getToken },
  });
  const get = (path: string, signal: AbortSignal | undefined) =>
    client
      .api(path)
      .header('ConsistencyLevel', 'eventual')
      .options(signal ? { signal } : {});

  const people = async (path: string, signal: AbortSignal | undefined) => {
    const page: Page<User> = await get(path, signal).get();
    return { items: (page.value ?? []).flatMap(personOf), nextLink: page['@odata.nextLink'] };
  };
  return {
    searchPeople: (text, signal) =>
      people(
        `/users?$search=${searchOf(['displayName', 'mail', 'userPrincipalName'], text)}` +
          `&$select=${personFields}&$orderby=displayName&$count=true&$top=25`,
        signal,
      ),
    async searchGroups(text, signal) {
      const path =
        `/groups?$search=${searchOf(['displayName', 'mail'], text)}` + `&$select=${groupFields}&$count=true&$top=25`;
      const page: Page<Group> = await get(path, signal).get();
      return { items: (page.value ?? []).flatMap(groupOf), nextLink: page['@odata.nextLink'] };
    },
    listMembers: (groupId, signal) =>
      people(
        `/groups/${encodeURIComponent(groupId)}/transitiveMembers/microsoft.graph.user` +
          `?$select=${personFields}&$count=true&$top=999`,
        signal,
      ),
    nextPeople(nextLink, signal) {
      // The client sends the token to every Graph host it knows; ours goes to the configured one.
      if (new URL(nextLink).origin !== root.origin) throw new Error('Microsoft Graph sent a link to another host');
      return people(nextLink, signal);
    },
  };
}

interface Page<Item> {
  readonly value?: Item[];
  readonly '@odata.nextLink'?: string;
}

/**
 * A `$search` value. Within its double quotes, a quote and a backslash are escaped by a backslash.
 * @see Microsoft Graph, Use the $search query parameter, directory objects
 */
export function searchOf(properties: readonly string[], text: string): string {
  const escaped = text.trim().replace(/[\\"]/g, '\\$&');
  return encodeURIComponent(properties.map((property) => `"${property}:${escaped}"`).join(' OR '));
}

function personOf({ id, displayName, userPrincipalName, mail }: User): Person[] {
  if (!id || !userPrincipalName) return [];
  return [{ id: id as UserId, displayName: displayName ?? userPrincipalName, userPrincipalName, mail: mail ?? null }];
}

function groupOf({ id, displayName, mail, mailEnabled, securityEnabled, groupTypes }: Group): DirectoryGroup[] {
  if (!id) return [];
  const kind = kindOfGroup({
    mailEnabled: mailEnabled ?? false,
    securityEnabled: securityEnabled ?? false,
    groupTypes: groupTypes ?? [],
  });
  return [{ id, displayName: displayName ?? id, mail: mail ?? null, kind }];
}
