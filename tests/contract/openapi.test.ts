import Ajv2020 from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { api } from '../../src/contract/api.ts';
import { type Endpoint, successStatus } from '../../src/contract/endpoint.ts';
import { errorCatalogue } from '../../src/contract/errors.ts';
import { codesOf, openApiDocument } from '../../src/service/http/openapi.ts';
import { startBench } from '../support/bench.ts';

interface Operation {
  operationId: string;
  security?: object[];
  parameters?: { name: string; in: string; required?: boolean }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

const endpoints = Object.entries(api as Record<string, Endpoint>);
const document = openApiDocument(api, '1.0.0') as unknown as {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
};

test('the service publishes the document of the contract', async () => {
  await using bench = await startBench();
  const response = await bench.fetch('/api/openapi.json');

  expect(response.status).toBe(200);
  const published = (await response.json()) as typeof document;
  expect(published.paths).toEqual(JSON.parse(JSON.stringify(document.paths)));
  expect(published.openapi).toBe('3.1.0');
});

test('it has exactly the endpoints of the contract', () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => `${operationId} ${method.toUpperCase()} ${path}`),
  );
  const wanted = endpoints.map(([name, { method, path }]) => `${name} ${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
  expect(described.sort()).toEqual(wanted.sort());
});

test.each(endpoints)('%s: parameters, body, answers and errors are those of the contract', (name, endpoint) => {
  const operation = Object.values(document.paths)
    .flatMap((methods) => Object.values(methods))
    .find(({ operationId }) => operationId === name);
  if (!operation) throw new Error(`${name} is missing`);

  const inPath = [...endpoint.path.matchAll(/:(\w+)/g)].map(([, parameter]) => parameter);
  const described = (operation.parameters ?? [])
    .filter((parameter) => parameter.in === 'path')
    .map((parameter) => parameter.name);
  expect(described.sort()).toEqual(inPath.sort());
  expect(operation.requestBody === undefined).toBe(endpoint.body === undefined && endpoint.upload === undefined);
  expect(operation.security).toEqual(endpoint.access === 'anonymous' ? undefined : [{ entra: [] }]);

  const status = String(successStatus(endpoint));
  const errors = codesOf(endpoint).map((code) => String(errorCatalogue[code].status));
  expect(Object.keys(operation.responses).sort()).toEqual([...new Set([status, ...errors])].sort());
});

test('every schema compiles as JSON Schema 2020-12, and every reference leads somewhere', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const references = JSON.stringify(document).match(/"#\/components\/[^"]+"/g) ?? [];
  for (const reference of new Set(references)) {
    const steps = reference.slice(3, -1).split('/');
    const target = steps.reduce<unknown>(
      (node, step) => (node as Record<string, unknown> | undefined)?.[step],
      document,
    );
    expect(target, reference).toBeDefined();
  }
  for (const methods of Object.values(document.paths)) {
    for (const { requestBody, responses } of Object.values(methods)) {
      const contents = [requestBody, ...Object.values(responses)].flatMap((part) => Object.values(part?.content ?? {}));
      for (const { schema } of contents) {
        expect(() => ajv.compile({ ...schema, components: document.components })).not.toThrow();
      }
    }
  }
});
