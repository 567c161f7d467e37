import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { AppId, TenantId, UserId } from '../../src/domain/ids.ts';
import { createRecordActivity } from '../../src/service/audit.ts';
import { AccessToken } from '../../src/service/auth/access-token.ts';
import type { Admin } from '../../src/service/auth/admin.ts';
import { systemClock } from '../../src/service/clock.ts';
import type { Database } from '../../src/service/db/database.ts';
import { createActivityStore } from '../../src/service/features/activity/activity.store.ts';
import { createCheckStore } from '../../src/service/features/mailbox-connectivity/checks.store.ts';
import { createOrganizationStore } from '../../src/service/features/organizations/organizations.store.ts';
import { createUserStore } from '../../src/service/features/users/users.store.ts';
import type { MailboxResult } from '../../src/service/mailbox-probes/mailbox-result.ts';
import { channelPrefix, type Step, type StepMessage } from '../../src/service/steps.ts';

/** Stores as the service wires them, and an admin of a tenant of their own. */
export function storesOn({ db }: Database) {
  const recordActivity = createRecordActivity(systemClock);
  const shared = { db, clock: systemClock, recordActivity };
  const enqueued: { name: string; startAfterSeconds: number | undefined }[] = [];
  const admin: Admin = {
    tenantId: crypto.randomUUID() as TenantId,
    userId: crypto.randomUUID() as UserId,
    username: 'ada@contoso.example',
    displayName: 'Ada',
    directoryRoleIds: undefined,
    accessToken: new AccessToken(''),
  };
  return {
    admin,
    enqueued,
    organizations: createOrganizationStore({
      ...shared,
      onNeedsChanged: async () => {},
      onApplicationChanged: async () => {},
      applications: { find: () => ({ appId: crypto.randomUUID() as AppId }) },
    }),
    users: createUserStore(shared),
    checks: createCheckStore({
      ...shared,
      exchangeBoundMinutes: 120,
      queue: {
        async enqueue(_tx, { name }, _payload, options) {
          enqueued.push({ name, startAfterSeconds: options?.startAfterSeconds });
        },
      },
      onRingCheckEnded: async () => {},
      isRingToHold: async () => false,
    }),
    activities: createActivityStore(db),
  };
}

export function people(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: crypto.randomUUID() as UserId,
    displayName: `${['Zoë', 'Ångström', 'apple', 'Émile', 'Müller'][index % 5]} ${index}`,
    userPrincipalName: `p${index}@contoso.example`,
    mail: null,
  }));
}

/** A new organization with so many people. */
export async function officeOf(database: Database, count: number) {
  const all = storesOn(database);
  const id = await all.organizations.create(all.admin, {
    name: 'Office',
    externalId: 'office',
    connectionType: 'graph_app_only',
  });
  const organization = { id, name: 'Office', connection_type: 'graph_app_only' as const };
  const members = people(count);
  await all.users.add(all.admin, organization, members);
  return { ...all, organization, members };
}

/** A check of so many people of a new organization, claimed by a worker. */
export async function runningCheck(database: Database, count: number, changeConnection = true) {
  const office = await officeOf(database, count);
  const { check } = await office.checks.start(office.admin, office.organization, { changeConnection });
  const claimed = await office.checks.claim(office.admin.tenantId, check.id);
  if (!claimed) throw new Error('not claimed');
  return { ...office, check, claimed };
}

export function resultFor(userId: UserId, status: MailboxResult['verdict']['status'] = 'working'): MailboxResult {
  const reason = status === 'working' ? 'connected' : status === 'blocked' ? 'mailbox.none' : 'microsoft.throttled';
  const outcome = status === 'working' ? 'connected' : status === 'blocked' ? 'ineligible' : 'inconclusive';
  const capabilities = [
    { capability: 'mail' as const, reason, httpStatus: 200, errorCode: null, requestId: null } as const,
  ];
  return { userId, verdict: { status, reason, outcome }, capabilities, checkedAt: new Date() };
}

export const putOff = (person: { readonly id: UserId } | undefined, ms: number): MailboxResult => ({
  ...resultFor(person?.id as UserId, 'could_not_tell'),
  rescheduledUntil: new Date(Date.now() + ms),
});

export const progress = { throttledUntil: undefined, mailboxesPerSecond: 10 };

/** Lets the n-th passing of a step fail while something runs. */
export async function failingAt<T>(step: Step, nth: number, run: () => Promise<T>): Promise<PromiseSettledResult<T>> {
  let passed = 0;
  const listen = (message: unknown) => {
    passed += 1;
    if (passed === nth) (message as StepMessage).fail(new Error('the worker broke'));
  };
  subscribe(channelPrefix + step, listen);
  const [outcome] = await Promise.allSettled([run()]);
  unsubscribe(channelPrefix + step, listen);
  return outcome;
}
