import { type Child, startChild } from './child.ts';

/** A PostgreSQL server that ends with the bench. */
export interface PostgresToMeasure extends AsyncDisposable {
  /** URL of a new, empty database on it. */
  createDatabase(): Promise<string>;
}

/** The one that the tests use: Debian's, an npm package's, or that of `TEST_DATABASE_URL`. */
export async function startPostgresToMeasure(): Promise<PostgresToMeasure> {
  const server: Child<{ createDatabase(): Promise<string> }> = startChild('../../tests/support/postgres.process.ts');
  return {
    createDatabase: () => server.ask('createDatabase', undefined as never),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
