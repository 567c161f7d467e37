import { Agent, request } from 'node:https';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

const paths = {
  mail: (id: string) => `/v1.0/users/${id}/mailFolders/inbox?$select=id`,
  calendar: (id: string) => `/v1.0/users/${id}/calendar?$select=id`,
  contacts: (id: string) => `/v1.0/users/${id}/contacts?$select=id&$top=1`,
  settings: (id: string) => `/v1.0/users/${id}/mailboxSettings?$select=userPurpose`,
};
export type AskedCapability = keyof typeof paths;
export const askedCapabilities = Object.keys(paths) as readonly AskedCapability[];

/** What Graph answers by itself: the status of one call per mailbox and capability, without the product. */
export async function askGraph(sandbox: Sandbox, ids: readonly string[]): Promise<Map<string, number[]>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16, ca: sandbox.certificateAuthority.certificate });
  try {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: sandbox.registration.clientId,
      client_secret: sandbox.registration.secrets[0]?.value ?? '',
      scope: `${sandbox.url}/.default`,
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const path = `/${sandbox.tenant.id}/oauth2/v2.0/token`;
    const { text } = await call(agent, sandbox.url + path, { method: 'POST', headers, body: form.toString() });
    const authorization = `Bearer ${(JSON.parse(text) as { access_token: string }).access_token}`;
    const answers = await Promise.all(
      ids.map(async (id) => {
        const asked = askedCapabilities.map(async (capability) => {
          const { status } = await call(agent, sandbox.url + paths[capability](id), { headers: { authorization } });
          return status;
        });
        return [id, await Promise.all(asked)] as const;
      }),
    );
    return new Map(answers);
  } finally {
    agent.destroy();
  }
}

interface Call {
  readonly method?: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

function call(agent: Agent, url: string, { method = 'GET', headers, body }: Call) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const outgoing = request(url, { agent, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
