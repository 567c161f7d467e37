import { OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { type Endpoint, successStatus } from '../../contract/endpoint.ts';
import { commonErrors, type ErrorCode, errorCatalogue, problem } from '../../contract/errors.ts';

/** The OpenAPI 3.1 document of the contract. */
export function openApiDocument(api: Readonly<Record<string, Endpoint>>, version: string) {
  const app = new OpenAPIHono();
  const registry = app.openAPIRegistry;
  registry.registerComponent('securitySchemes', 'entra', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'Access token of Microsoft Entra for this service, of an admin',
  });
  const { $schema: _draft, ...problemSchema } = z.toJSONSchema(problem);
  registry.registerComponent('schemas', 'Problem', problemSchema as never);

  for (const [name, endpoint] of Object.entries(api)) {
    const status = successStatus(endpoint);
    registry.registerPath({
      operationId: name,
      method: endpoint.method.toLowerCase() as 'get',
      path: endpoint.path.replace(/:(\w+)/g, '{$1}'),
      summary: endpoint.summary,
      ...(endpoint.access === 'anonymous' ? {} : { security: [{ entra: [] }] }),
      request: {
        ...(endpoint.params ? { params: endpoint.params as z.ZodObject } : {}),
        ...(endpoint.query ? { query: endpoint.query as z.ZodObject } : {}),
        ...(endpoint.body
          ? { body: { required: true, content: { 'application/json': { schema: endpoint.body } } } }
          : {}),
        ...(endpoint.upload
          ? {
              body: {
                required: true,
                content: { [endpoint.upload]: { schema: { type: 'string', format: 'binary' } } },
              },
            }
          : {}),
      },
      responses: {
        [status]: { description: 'Done', ...contentOf(endpoint) },
        ...errorResponses(endpoint),
      },
    });
  }
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Mailbox Access', version, license: { name: 'MIT' } },
  });
}

const fileSchemas = {
  'text/csv': { type: 'string' },
  'text/html': { type: 'string' },
  'application/json': { type: 'array', items: { type: 'object' } },
} as const satisfies Record<NonNullable<Endpoint['download']>, object>;

function contentOf({ response, download, streams }: Endpoint) {
  // Each event's data is a response; OpenAPI 3.1 cannot describe a stream of them.
  if (response && streams) return { content: { 'text/event-stream': { schema: response } } };
  if (response) return { content: { 'application/json': { schema: response } } };
  return download ? { content: { [download]: { schema: fileSchemas[download] } } } : {};
}

/** Errors by status, with their codes: one status can mean several things. */
function errorResponses(endpoint: Endpoint) {
  const byStatus = Map.groupBy(codesOf(endpoint), (code) => errorCatalogue[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${errorCatalogue[code].title}`).join('; '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

const needToken: readonly ErrorCode[] = [
  'token.invalid',
  'token.wrong_scope',
  'tenant.not_onboarded',
  'admin.role_missing',
  'auth.unavailable',
];

/** Every error that an endpoint can answer. */
export function codesOf(endpoint: Endpoint): ErrorCode[] {
  const common =
    endpoint.access === 'anonymous' ? commonErrors.filter((code) => !needToken.includes(code)) : commonErrors;
  return [...common, ...endpoint.errors];
}
