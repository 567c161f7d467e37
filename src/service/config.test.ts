import { describe, expect, test } from 'vitest';
import { clouds } from './cloud.ts';
import { readConfig } from './config.ts';

const least = {
  TENANT_ID: 'BDD640FB-0667-4AD1-9C80-317FA3B1799D',
  CLIENT_ID: '23b8c1e9-3924-46de-beb1-3b9046685257',
  CLIENT_SECRET: 'secret',
};

function configOf(more: Record<string, string> = {}) {
  const result = readConfig({ ...least, ...more });
  if (!result.ok) throw new Error(result.faults.join('\n'));
  return result.config;
}

function faultsOf(more: Record<string, string>) {
  const result = readConfig({ ...least, ...more });
  return result.ok ? [] : result.faults;
}

test('three variables are enough', () => {
  const config = configOf();
  expect(config).toMatchObject({
    cloud: clouds.public,
    tenantIds: ['bdd640fb-0667-4ad1-9c80-317fa3b1799d'],
    database: { kind: 'embedded', directory: '.local/data' },
    http: { host: '127.0.0.1', port: 4400, publicUrl: 'http://localhost:4400', trustProxy: false },
    roles: ['web', 'worker'],
    logLevel: 'info',
    exchangeGateway: 'off',
    application: {
      appIdUri: 'api://localhost:4400/23b8c1e9-3924-46de-beb1-3b9046685257',
      apiScope: 'access_as_user',
      adminAppRole: 'MailboxAccess.Admin',
      credential: { kind: 'secret', secret: 'secret' },
    },
  });
  expect(config.application.adminDirectoryRoleIds).toHaveLength(5);
  expect(config.application.allowedClientIds).toHaveLength(8);
});

test.each(['public', 'gcc', 'gcchigh', 'dod', 'china'] as const)('the cloud %s is known', (name) => {
  expect(configOf({ CLOUD: name }).cloud).toEqual(clouds[name]);
});

test('another authority gets its host as label, or the one that is set', () => {
  const other = {
    AUTHORITY_HOST: 'https://login.contoso.example:4300/',
    GRAPH_ENDPOINT: 'https://graph.contoso.example',
  };
  expect(configOf(other).cloud).toMatchObject({
    authorityHost: 'https://login.contoso.example:4300',
    label: 'login.contoso.example:4300',
  });
  expect(configOf({ ...other, CLOUD_LABEL: 'Rehearsal' }).cloud.label).toBe('Rehearsal');
  expect(configOf({ CLOUD_LABEL: 'Rehearsal' }).cloud.label).toBeUndefined();
});

test('Exchange goes by its own name wherever it answers, unless it is named', () => {
  const elsewhere = { EXCHANGE_ENDPOINT: 'https://localhost:4300', EXCHANGE_GATEWAY: 'delegated' };
  expect(configOf(elsewhere)).toMatchObject({
    exchangeGateway: 'delegated',
    cloud: { exchangeEndpoint: 'https://localhost:4300', exchangeResource: 'https://outlook.office365.com' },
  });
  const named = { ...elsewhere, EXCHANGE_RESOURCE: 'https://exchange.contoso.example' };
  expect(configOf(named).cloud.exchangeResource).toBe('https://exchange.contoso.example');
});

test('several tenants, roles, clients and origins', () => {
  const config = configOf({
    TENANT_ID: `${least.TENANT_ID}, 8c1a64f1-7d43-4b5a-9b1e-3c7c5e2f9a10`,
    ROLES: 'worker',
    TEAMS_ORIGINS: 'https://a.example,https://b.example:8443',
    DATABASE_URL: 'postgres://db/mailbox',
    TRUST_PROXY: 'true',
  });
  expect(config.tenantIds).toHaveLength(2);
  expect(config.roles).toEqual(['worker']);
  expect(config.cloud.teamsOrigins).toEqual(['https://a.example', 'https://b.example:8443']);
  expect(config.database).toEqual({ kind: 'postgres', url: 'postgres://db/mailbox' });
  expect(config.http.trustProxy).toBe(true);
});

describe('one line per fault, with the variable first and without its value', () => {
  test.each([
    ['TENANT_ID', 'contoso'],
    ['TENANT_ID', `${least.TENANT_ID},x`],
    ['CLIENT_ID', 'x'],
    ['CLOUD', 'mars'],
    ['AUTHORITY_HOST', 'http://login.example'],
    ['AUTHORITY_HOST', 'https://login.example/path'],
    ['AUTHORITY_HOST', 'https://user@login.example'],
    ['GRAPH_ENDPOINT', 'graph.microsoft.com'],
    ['TEAMS_ORIGINS', 'https://*.example/x'],
    ['PORT', '70000'],
    ['PORT', 'http'],
    ['PUBLIC_URL', 'localhost'],
    ['PUBLIC_URL', 'https://tab.example/app'],
    ['ROLES', 'web,boss'],
    ['LOG_LEVEL', 'loud'],
    ['TRUST_PROXY', 'perhaps'],
    ['EXCHANGE_GATEWAY', 'on'],
    ['EXCHANGE_RESOURCE', 'outlook'],
    ['DATABASE_URL', 'mysql://x'],
    ['ALLOWED_CLIENT_IDS', 'me'],
    ['ADMIN_DIRECTORY_ROLE_IDS', 'Global Administrator'],
  ])('%s=%s', (name, value) => {
    const faults = faultsOf({ [name]: value });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^${name} is not valid: it must be .+\\.$`));
  });

  test('all faults at once', () => {
    const result = readConfig({ PORT: 'x', CLOUD: 'y' });
    expect(result.ok ? [] : result.faults.map((fault) => fault.split(' ')[0]).sort()).toEqual([
      'CLIENT_ID',
      'CLIENT_SECRET',
      'CLOUD',
      'PORT',
      'TENANT_ID',
    ]);
  });

  test('half a certificate', () => {
    expect(faultsOf({ CLIENT_CERTIFICATE_PATH: '/x.pem' })).toEqual([
      'CLIENT_CERTIFICATE_PATH and CLIENT_CERTIFICATE_KEY_PATH belong together: set both.',
    ]);
    expect(faultsOf({ TLS_KEY_PATH: '/x.key' })).toEqual([
      'TLS_CERTIFICATE_PATH and TLS_KEY_PATH belong together: set both, or none behind a TLS proxy.',
    ]);
  });
});

describe('further registrations', () => {
  const legal = {
    REGISTRATIONS: 'legal, far-north',
    REGISTRATION_LEGAL_CLIENT_ID: '0B1C8F7E-9A54-4D7A-8F52-61B1D7C9A002',
    REGISTRATION_LEGAL_CLIENT_SECRET: 'legal secret',
    REGISTRATION_FAR_NORTH_CLIENT_ID: 'e443df78-9558-467f-9ba9-1faf7a024204',
    REGISTRATION_FAR_NORTH_CLIENT_SECRET: 'north secret',
  };

  test('each has a client id and a credential of its own; there are none unless named', () => {
    expect(configOf().registrations).toEqual([]);
    expect(configOf(legal).registrations).toEqual([
      {
        name: 'legal',
        clientId: '0b1c8f7e-9a54-4d7a-8f52-61b1d7c9a002',
        credential: { kind: 'secret', secret: 'legal secret' },
      },
      {
        name: 'far-north',
        clientId: 'e443df78-9558-467f-9ba9-1faf7a024204',
        credential: { kind: 'secret', secret: 'north secret' },
      },
    ]);
  });

  test('one may be for some tenants only', () => {
    const [first, second] = configOf({ ...legal, REGISTRATION_LEGAL_TENANT_ID: least.TENANT_ID }).registrations;
    expect([first?.tenantIds, second?.tenantIds]).toEqual([[least.TENANT_ID.toLowerCase()], undefined]);
  });

  test.each<[what: string, more: Record<string, string>, fault: RegExp]>([
    [
      'a tenant that is not onboarded',
      { REGISTRATION_LEGAL_TENANT_ID: '8c1a64f1-7d43-4b5a-9b1e-3c7c5e2f9a10' },
      /^REGISTRATION_LEGAL_TENANT_ID names a tenant that TENANT_ID does not: /,
    ],
    ['no client id', { REGISTRATION_LEGAL_CLIENT_ID: '' }, /^REGISTRATION_LEGAL_CLIENT_ID is missing: /],
    ['no credential', { REGISTRATION_LEGAL_CLIENT_SECRET: '' }, /^REGISTRATION_LEGAL_CLIENT_SECRET is missing: /],
    [
      'half a certificate',
      { REGISTRATION_LEGAL_CLIENT_CERTIFICATE_PATH: 'legal.pem' },
      /^REGISTRATION_LEGAL_CLIENT_CERTIFICATE_PATH and REGISTRATION_LEGAL_CLIENT_CERTIFICATE_KEY_PATH belong together/,
    ],
    [
      'an assertion that is not there',
      { REGISTRATION_LEGAL_CLIENT_SECRET: '', REGISTRATION_LEGAL_CLIENT_ASSERTION_PATH: '/nowhere/token' },
      /^REGISTRATION_LEGAL_CLIENT_ASSERTION_PATH: the file \/nowhere\/token cannot be read/,
    ],
    ['a name twice', { REGISTRATIONS: 'legal,far-north,legal' }, /^REGISTRATIONS names legal twice: /],
    ['a name that is none', { REGISTRATIONS: 'Legal Department' }, /^REGISTRATIONS is not valid: /],
    [
      'the client id of the main application',
      { REGISTRATION_LEGAL_CLIENT_ID: least.CLIENT_ID },
      /^REGISTRATION_LEGAL_CLIENT_ID is that of another registration: /,
    ],
  ])('%s stops with one sentence', (_what, more, fault) => {
    expect(faultsOf({ ...legal, ...more })).toEqual([expect.stringMatching(fault)]);
  });
});

test('production takes Microsoft’s clouds only, over https only', () => {
  const good = { NODE_ENV: 'production', PUBLIC_URL: 'https://tab.contoso.com' };
  expect(faultsOf(good)).toEqual([]);
  expect(faultsOf({ ...good, CLOUD: 'gcchigh' })).toEqual([]);
  for (const name of ['AUTHORITY_HOST', 'GRAPH_ENDPOINT', 'EXCHANGE_ENDPOINT']) {
    expect(faultsOf({ ...good, [name]: 'https://localhost:4300' })[0]).toContain('not one of Microsoft’s');
  }
  expect(faultsOf({ ...good, NODE_TLS_REJECT_UNAUTHORIZED: '0' })[0]).toContain('NODE_TLS_REJECT_UNAUTHORIZED=0');
  expect(faultsOf({ NODE_ENV: 'production' })[0]).toContain('PUBLIC_URL');
});

test('the bound of Exchange and the time between looks have defaults, and limits', () => {
  expect(configOf()).toMatchObject({ exchangeBoundMinutes: 120, recheckMinutes: 60, graphRequestsPerSecond: 13_000 });
  expect(configOf({ EXCHANGE_PROPAGATION_MINUTES: '30', RECHECK_MINUTES: '0' })).toMatchObject({
    exchangeBoundMinutes: 30,
    recheckMinutes: 0,
  });
  expect(faultsOf({ EXCHANGE_PROPAGATION_MINUTES: '1441', RECHECK_MINUTES: '-1' })).toEqual([
    'EXCHANGE_PROPAGATION_MINUTES is not valid: it must be minutes from 0 to 1440.',
    'RECHECK_MINUTES is not valid: it must be minutes from 0, which switches it off, to 10080.',
  ]);
});
