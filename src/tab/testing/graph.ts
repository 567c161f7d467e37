import { HttpResponse, http } from 'msw';
import { type AppRoleName, appRoleIds, exchangeOnlineAppId, graphAppId } from '../../domain/consent/app-role.ts';
import { service } from './service.ts';

export const ourPrincipal = '0a000000-0000-4000-8000-000000000001';
export const graphPrincipal = '0a000000-0000-4000-8000-000000000002';
export const exchangePrincipal = '0a000000-0000-4000-8000-000000000003';

const root = 'https://graph.microsoft.com/v1.0';
const ids: Readonly<Record<string, string>> = {
  [graphAppId]: graphPrincipal,
  [exchangeOnlineAppId]: exchangePrincipal,
};
const appIds = new Map(Object.entries(ids).map(([appId, id]) => [id, appId]));

interface Options {
  readonly held?: AppRoleName[];
  readonly pageSize?: number;
  /** Other ids than Microsoft's. */
  readonly roleIds?: Readonly<Record<string, string>>;
  readonly nextLink?: string;
}

interface Post {
  readonly path: string;
  readonly body: { readonly principalId: string; readonly resourceId: string; readonly appRoleId: string };
  readonly authorization: string | null;
}

/** Microsoft Graph, as far as the grants of one application go, faked at the network. */
export function aGraph({ held = [], pageSize = 100, roleIds = {}, nextLink }: Options = {}) {
  const known: Record<string, Record<string, string>> = {
    [graphAppId]: {
      ...appRoleIds,
      'AppRoleAssignment.ReadWrite.All': '06b708a9-e830-4db3-a914-8e69da51d44f',
      ...roleIds,
    },
    [exchangeOnlineAppId]: {
      full_access_as_app: 'dc890d15-9560-4a4c-9b7f-a736ec74ec40',
      'Mail.Read': '00000000-0000-4000-8000-0000000000ee',
    },
  };
  const graph = {
    held,
    posts: [] as Post[],
    deletes: [] as string[],
    /** Answers a grant instead. */
    onPost: (_appRoleId: string): Response | undefined => undefined,
  };
  const principal = (appId: string) => ({
    id: ids[appId] ?? ourPrincipal,
    appId,
    displayName: appId === graphAppId ? 'Microsoft Graph' : 'Office 365 Exchange Online',
    appRoles: Object.entries(known[appId] ?? {}).map(([value, id]) => ({
      id,
      value,
      isEnabled: true,
      allowedMemberTypes: ['Application'],
    })),
  });
  const resourceOf = (role: AppRoleName) => ids[role.resourceAppId] ?? '';
  const assignment = (role: AppRoleName) => ({
    id: `assignment-${resourceOf(role)}-${role.permission}`,
    appRoleId: known[role.resourceAppId]?.[role.permission],
    principalId: ourPrincipal,
    resourceId: resourceOf(role),
    resourceDisplayName: principal(role.resourceAppId).displayName,
  });

  service.use(
    http.get(`${root}/servicePrincipals/:id/appRoleAssignments`, ({ request }) => {
      const url = new URL(request.url);
      const from = Number(url.searchParams.get('$skiptoken') ?? 0);
      const next = nextLink ?? `${url.origin}${url.pathname}?$skiptoken=${from + pageSize}`;
      return HttpResponse.json({
        value: graph.held.slice(from, from + pageSize).map(assignment),
        ...(from + pageSize < graph.held.length || nextLink ? { '@odata.nextLink': next } : {}),
      });
    }),
    http.post(`${root}/servicePrincipals/:id/appRoleAssignments`, async ({ request }) => {
      const body = (await request.json()) as Post['body'];
      const instead = graph.onPost(body.appRoleId);
      if (instead) return instead;
      const { pathname: path } = new URL(request.url);
      graph.posts.push({ path, body, authorization: request.headers.get('authorization') });
      const resourceAppId = appIds.get(body.resourceId) ?? '';
      const [permission = ''] =
        Object.entries(known[resourceAppId] ?? {}).find(([, id]) => id === body.appRoleId) ?? [];
      graph.held.push({ permission, resourceAppId });
      return HttpResponse.json(assignment({ permission, resourceAppId }), { status: 201 });
    }),
    http.delete(`${root}/servicePrincipals/:id/appRoleAssignments/:assignmentId`, ({ request, params }) => {
      graph.deletes.push(new URL(request.url).pathname);
      const index = graph.held.findIndex((role) => assignment(role).id === params.assignmentId);
      if (index < 0) return HttpResponse.json({ error: { code: 'Request_ResourceNotFound' } }, { status: 404 });
      graph.held.splice(index, 1);
      return new HttpResponse(null, { status: 204 });
    }),
    // By object id, and by application id in parentheses.
    http.get(/\/v1\.0\/servicePrincipals(\/[\w-]+|\(appId='[\w-]+'\))(\?|$)/, ({ request }) => {
      const { pathname } = new URL(request.url);
      const byAppId = /appId='([\w-]+)'/.exec(decodeURIComponent(pathname))?.[1];
      return HttpResponse.json(principal(byAppId ?? appIds.get(pathname.split('/').at(-1) ?? '') ?? ''));
    }),
  );
  return graph;
}
