import { sortableUserColumns } from '../domain/users/user-list.ts';

/** What an admin asks of the users list, by the name it has in the table. */
export interface ListCase {
  readonly name: string;
  /** Absent: the list itself. */
  readonly path?: string;
  /** Query strings that are asked in turn. */
  readonly queries: readonly string[];
}

/** What a case can name. */
export interface Seeded {
  /** Holds most of the users. */
  readonly largeId: string;
  readonly smallId: string;
}

/** Whom people search: the whole name, an address, the end of a name, another spelling. */
const searches = ['Ångström 123', 'weiß', 'lindqvist.77', 'Zoë Okafor', 'nobody like this', '4711', 'NUÑEZ 9'];

export function listCases({ largeId, smallId }: Seeded): readonly ListCase[] {
  const everywhere = ['', 'sort=name'];
  const statuses = ['exposed', 'blocked', 'limited', 'could_not_tell', 'not_checked', 'working'];
  return [
    { name: 'list, first page', queries: everywhere },
    { name: 'list, first 500', queries: ['limit=500'] },
    { name: 'list, one organization', queries: [largeId, smallId].flatMap((id) => of(id, everywhere)) },
    { name: 'filter by verdict', queries: statuses.map((status) => `status=${status}`) },
    { name: 'filter by verdict, by name', queries: statuses.map((status) => `status=${status}&sort=name`) },
    {
      name: 'filter by organization and verdict',
      queries: [largeId, smallId].flatMap((id) =>
        of(
          id,
          statuses.map((status) => `status=${status}`),
        ),
      ),
    },
    { name: 'search', queries: searches.map(searching) },
    {
      name: 'search in an organization and verdict',
      queries: searches.flatMap((text) => of(largeId, [`${searching(text)}&status=working`])),
    },
    // Three letters that a hundredth of all people have, and what nearly everybody has.
    { name: 'search, three letters', queries: ['gar', 'Bjö', 'kow', 'oka'].map(searching) },
    // Too short for an index of three letters each: few, many, and nobody.
    { name: 'search, two letters', queries: ['zo', 'we', 'an', 'qz', 'yq'].map(searching) },
    { name: 'search, one letter', queries: ['e', 'k', 'z'].map(searching) },
    { name: 'search, what everybody has', queries: ['contoso', '@', 'example'].map(searching) },
    { name: 'numbers of the whole list', path: '/api/users/counts', queries: ['', `organizationId=${largeId}`] },
    {
      name: 'numbers of a search that many match',
      path: '/api/users/counts',
      queries: ['e', 'z', 'gar', 'contoso'].map(searching),
    },
    {
      name: 'filter by connection, synchronization or mailbox',
      queries: [
        'connection=graph_app_only',
        'connection=hybrid',
        'sync=enabled',
        'sync=disabled',
        'sync=disabled&sort=name',
        'mailboxState=initialized',
        'mailboxState=disabled_due_to_error',
      ],
    },
    {
      name: 'numbers of a filter’s menu',
      path: '/api/users/facet-counts',
      queries: [
        'facet=connection',
        'facet=sync',
        'facet=mailboxState',
        'facet=connection&sync=disabled',
        `facet=sync&organizationId=${largeId}`,
        'facet=connection&status=blocked',
      ],
    },
    { name: 'list, by each column', queries: sortableUserColumns.flatMap((sort) => [`sort=${sort}`, `sort=-${sort}`]) },
    {
      name: 'list, by two columns',
      queries: [
        'status,-lastCheck',
        'connection,-lastSync',
        'organization,-issues',
        '-issues,name',
        '-lastSync,status',
      ].map((sort) => `sort=${sort}`),
    },
    {
      name: 'filter or search, by another column',
      queries: [
        `organizationId=${largeId}&sort=-lastCheck`,
        `organizationId=${smallId}&sort=lastSync`,
        'status=blocked&sort=-lastSync',
        'status=could_not_tell&sort=organization',
        'sync=enabled&sort=-issues',
        'connection=graph_app_only&sort=createdAt',
        `${searching('e')}&sort=-lastCheck`,
        `${searching('gar')}&sort=organization`,
      ],
    },
  ];
}

function of(organizationId: string, queries: readonly string[]): string[] {
  return queries.map((query) => `organizationId=${organizationId}&${query}`);
}

function searching(text: string): string {
  return `search=${encodeURIComponent(text)}`;
}
