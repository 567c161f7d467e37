import { startSandbox } from '../sandbox/server.ts';
import { namedPeople } from '../sandbox/tenant/named-people.ts';
import { answerParent } from './child.ts';
import type { Scenario } from './scenario.ts';

// The simulated tenant in a process of its own.

const sandbox = await startSandbox({ people: Number(process.env.BENCH_PEOPLE) });
sandbox.tenant.grants.grant('Mail.ReadBasic.All', 'Calendars.Read', 'Contacts.Read');
const { registration, tenant, origins } = sandbox;

const named = new Set<string>(Object.values(namedPeople).map(({ id }) => id));

// Made when it is opened first, which would count as Graph's time.
for (const { id } of tenant.people) tenant.mailbox(id);

const handlers = {
  about: () => ({
    certificateAuthority: sandbox.certificateAuthority.certificate,
    environment: {
      AUTHORITY_HOST: origins.authority,
      GRAPH_ENDPOINT: origins.graph,
      EXCHANGE_ENDPOINT: origins.exchange,
      TEAMS_ORIGINS: origins.teams,
      TENANT_ID: tenant.id,
      CLIENT_ID: registration.clientId,
      CLIENT_SECRET: registration.secrets[0]?.value ?? '',
      PUBLIC_URL: registration.tabOrigin,
    },
    // Without those who are there to be waited for: a mailbox on the move says "again in 15 minutes".
    people: tenant.people
      .filter(({ id }) => !named.has(id))
      .map(({ id, displayName, userPrincipalName, mail }) => ({
        id,
        displayName,
        userPrincipalName,
        mail,
      })),
  }),
  answerLike({ latencyMs, limit }: Scenario) {
    sandbox.settings.graphLatencyMs = latencyMs;
    sandbox.settings.throttle = limit;
  },
  signIn: () => sandbox.signIn(namedPeople.ada.id),
  /** Requests until now, and how many of them were throttled. */
  counts: () => ({ ...sandbox.requests.counts }),
};
export type SimulatedGraph = typeof handlers;

answerParent(handlers, () => sandbox.close());
