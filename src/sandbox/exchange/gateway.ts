import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';
import { directoryRoles } from '../tenant/directory-roles.ts';
import { findTenant, type World } from '../world.ts';
import { applicationAccessPolicyCmdlets } from './cmdlets/application-access-policy.ts';
import { type Cmdlet, CmdletError } from './cmdlets/cmdlet.ts';
import { organizationConfigCmdlets } from './cmdlets/organization-config.ts';
import { recipientCmdlets } from './cmdlets/recipient.ts';
import { roleBasedAccessCmdlets } from './cmdlets/role-based-access.ts';

const cmdlets: Readonly<Record<string, Cmdlet>> = {
  ...recipientCmdlets,
  ...organizationConfigCmdlets,
  ...applicationAccessPolicyCmdlets,
  ...roleBasedAccessCmdlets,
};

const command = z.strictObject({
  CmdletInput: z.strictObject({ CmdletName: z.string(), Parameters: z.record(z.string(), z.unknown()).default({}) }),
});

/** Entra roles that may run the cmdlets. */
const administrators = [directoryRoles.globalAdministrator, directoryRoles.exchangeAdministrator].map(
  (role) => role.templateId as string,
);
const longestPage = 1000;
/** A link to the next page is good for some minutes only. */
const linkLifetimeMs = 5 * 60_000;

/**
 * The transport of the ExchangeOnlineManagement module: one cmdlet per request. Not a published contract of Microsoft's.
 * @see exchange-scoping reference §6
 */
export function exchangeRoutes(world: World): Hono {
  const routes = new Hono();
  routes.post('/adminapi/beta/:tenant/InvokeCommand', async (context) => {
    const fail = (status: 400 | 401 | 403 | 404, message: string, exception = 'InvalidOperationException') =>
      context.json(
        {
          error: {
            code: 'BadRequest',
            message: 'Error executing cmdlet',
            details: [
              {
                code: 'Context',
                target: '',
                message: `|Microsoft.Exchange.Configuration.Tasks.${exception}|${message}`,
              },
            ],
            innererror: { internalexception: { message } },
          },
        },
        status,
        { 'request-id': randomUUID() },
      );

    const tenant = findTenant(world, context.req.param('tenant'));
    const claims = readToken(world, context.req.header('authorization'));
    if (!claims || !tenant || claims.tid !== tenant.id) return fail(401, 'The token is not valid for this tenant.');
    if (!context.req.header('x-anchormailbox')) return fail(400, 'The header X-AnchorMailbox is missing.');
    const rights = rightsOf(claims);
    if (rights === 'none') {
      // The gateway answers without a body; the reason is in a header.
      return context.body(null, 403, {
        'x-ms-diagnostics':
          '2000012;reason="The role assigned to user isn\'t supported in this scenario.";error_category="invalid_grant"',
      });
    }

    const parsed = command.safeParse(await context.req.json().catch(() => undefined));
    if (!parsed.success) return fail(400, 'CmdletInput is missing or malformed.');
    const { CmdletName: name, Parameters: parameters } = parsed.data.CmdletInput;
    const cmdlet = cmdlets[name];
    if (!cmdlet) {
      world.requests.unknown.push(`the cmdlet ${name}`);
      return fail(400, `The term '${name}' is not recognized as the name of a cmdlet.`, 'CommandNotFoundException');
    }
    // Exchange shows nobody the cmdlets that their role does not have.
    if (rights === 'look' && !/^(Get|Test)-/.test(name)) {
      return fail(400, `The term '${name}' is not recognized as the name of a cmdlet.`, 'CommandNotFoundException');
    }
    const unknown = Object.keys(parameters).find((each) => !cmdlet.parameters.includes(each));
    if (unknown)
      return fail(
        400,
        `A parameter cannot be found that matches parameter name '${unknown}'.`,
        'ParameterBindingException',
      );
    try {
      const isWhatIf = parameters.WhatIf === true;
      const value = isWhatIf
        ? []
        : cmdlet.run(parameters, {
            tenant,
            exchange: tenant.exchange,
            settings: world.settings,
            now: world.clock.now(),
          });
      const size = pageSize(context.req.header('prefer'));
      const start = startOfPage(context.req.query('$skiptoken'), world.clock.now());
      if (start === undefined) return fail(400, 'The link to the next page is not valid any more.');
      const root = `${world.origins.exchange}/adminapi/beta/${tenant.id}`;
      const skipToken = Buffer.from(`${start + size}/${world.clock.now().getTime() + linkLifetimeMs}`);
      return context.json({
        '@odata.context': `${root}/$metadata#Collection`,
        value: value.slice(start, start + size),
        ...(value.length > start + size && {
          '@odata.nextLink': `${root}/InvokeCommand?$skiptoken=${skipToken.toString('base64url')}`,
        }),
      });
    } catch (error) {
      if (!(error instanceof CmdletError)) throw error;
      return fail(error.exception === 'ManagementObjectNotFoundException' ? 404 : 400, error.message, error.exception);
    }
  });
  return routes;
}

type Claims = Readonly<Record<string, unknown>>;

/** The token's claims when it is signed by this Entra, for Exchange, and alive. */
function readToken(world: World, authorization: string | undefined): Claims | undefined {
  const [header = '', payload = '', signature = ''] = authorization?.replace(/^Bearer /i, '').split('.') ?? [];
  try {
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString());
    if (!world.keys.verifies(kid, `${header}.${payload}`, signature)) return undefined;
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
    const isAlive = Number(claims.exp) * 1000 > world.clock.now().getTime();
    return isAlive && claims.aud === 'https://outlook.office365.com' ? claims : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Delegated: `Exchange.Manage` and an administrator's role. Application: `Exchange.ManageAsApp` and a directory role.
 * Global Reader may look.
 */
function rightsOf(claims: Claims): 'all' | 'look' | 'none' {
  const wids = Array.isArray(claims.wids) ? claims.wids : [];
  const isPermitted =
    typeof claims.scp === 'string'
      ? claims.scp.split(' ').includes('Exchange.Manage')
      : Array.isArray(claims.roles) && claims.roles.includes('Exchange.ManageAsApp');
  if (!isPermitted) return 'none';
  if (wids.some((id) => administrators.includes(id))) return 'all';
  return wids.includes(directoryRoles.globalReader.templateId) ? 'look' : 'none';
}

function pageSize(prefer: string | undefined): number {
  const asked = Number(/odata\.maxpagesize=(\d+)/i.exec(prefer ?? '')?.[1]);
  return asked > 0 ? Math.min(asked, longestPage) : longestPage;
}

/** Undefined when the link is not one of ours or too old. */
function startOfPage(skipToken: string | undefined, now: Date): number | undefined {
  if (skipToken === undefined) return 0;
  const [start, until] = Buffer.from(skipToken, 'base64url').toString().split('/').map(Number);
  return start && until && now.getTime() < until ? start : undefined;
}
