import { constants, setPriority } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startSandbox } from '../sandbox/server.ts';
import { namedPeople } from '../sandbox/tenant/named-people.ts';
import type { Tenant } from '../sandbox/tenant/tenant.ts';
import { answerParent } from './child.ts';
import type { Scenario } from './scenario.ts';

// The simulated tenants in a process of their own: the one that is measured, and one to warm a service up.

// Microsoft's servers are elsewhere: a thread that is measured does not wait for a core that this process has.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

// Nor do they all stand still at once: a whole tenant is collected between two measurements, not within one. In 150 ms
// without an answer the bucket of a limit runs over, and what it lost is refused later.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const sandbox = await startSandbox({ people: Number(process.env.BENCH_PEOPLE) });
const { registration, tenant, origins } = sandbox;
const warmUp = sandbox.addTenant({
  id: crypto.randomUUID(),
  displayName: 'Warm-up',
  domain: 'warm-up.example',
  people: Number(process.env.BENCH_WARM_UP_PEOPLE),
});
const { appId } = warmUp.grants.addApplication();
warmUp.grants.grantScopes(appId, appId, [registration.scope.value], null);

for (const one of [tenant, warmUp]) {
  one.grants.grant('Mail.ReadBasic.All', 'Calendars.Read', 'Contacts.Read');
  // Made when it is opened first, which would count as Graph's time.
  for (const { id } of one.people) one.mailbox(id);
}

/** Without those who are there to be waited for: a mailbox on the move says "again in 15 minutes". */
function generatedPeople({ people }: Tenant) {
  return people
    .slice(Object.keys(namedPeople).length)
    .map(({ id, displayName, userPrincipalName, mail }) => ({ id, displayName, userPrincipalName, mail }));
}

const handlers = {
  about: () => ({
    certificateAuthority: sandbox.certificateAuthority.certificate,
    tenantId: tenant.id,
    environment: {
      AUTHORITY_HOST: origins.authority,
      GRAPH_ENDPOINT: origins.graph,
      EXCHANGE_ENDPOINT: origins.exchange,
      TEAMS_ORIGINS: origins.teams,
      TENANT_ID: `${tenant.id},${warmUp.id}`,
      CLIENT_ID: registration.clientId,
      CLIENT_SECRET: registration.secrets[0]?.value ?? '',
      PUBLIC_URL: registration.tabOrigin,
    },
    people: generatedPeople(tenant),
    warmUpPeople: generatedPeople(warmUp),
  }),
  answerLike({ latencyMs, limit }: Scenario) {
    collect();
    sandbox.settings.graphLatencyMs = latencyMs;
    sandbox.settings.throttle = limit;
  },
  signIn: () => sandbox.signIn(namedPeople.ada.id),
  signInToWarmUp: () => sandbox.signIn(warmUp.person(`ada@${warmUp.domain}`).id),
  /** Requests until now, and how many of them were throttled. */
  counts: () => ({ ...sandbox.requests.counts }),
};
export type SimulatedGraph = typeof handlers;

answerParent(handlers, () => sandbox.close());
