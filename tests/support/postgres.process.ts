import { answerParent } from '../../src/bench/child.ts';
import { startPostgres } from './postgres.ts';

// A server in a process of its own, for the bench: it ends with its parent.

const server = await startPostgres();

answerParent({ createDatabase: () => server.createDatabase() }, async () => server[Symbol.asyncDispose]());
