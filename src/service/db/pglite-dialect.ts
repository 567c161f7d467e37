import { PGliteAdapter, PGliteDialect, type PGliteDialectConfig, PGliteDriver } from 'kysely';

/**
 * Kysely's PGlite without Kysely's queue: statements wait in the database's thread, which takes the next one at once. In
 * Kysely's queue each waits until this process has read the answer to the one before. A transaction has the database to
 * itself all the same: PGlite sees to that.
 */
export class UnqueuedPGliteDialect extends PGliteDialect {
  readonly #config: PGliteDialectConfig;

  constructor(config: PGliteDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createAdapter(): PGliteAdapter {
    return new UnqueuedAdapter();
  }

  override createDriver(): PGliteDriver {
    return new UnqueuedDriver(this.#config);
  }
}

class UnqueuedAdapter extends PGliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

/** A connection of Kysely's remembers its open transaction: whoever asks gets one of their own. */
class UnqueuedDriver extends PGliteDriver {
  readonly #config: PGliteDialectConfig;

  constructor(config: PGliteDialectConfig) {
    super(config);
    this.#config = config;
  }

  override async acquireConnection(): ReturnType<PGliteDriver['acquireConnection']> {
    const driver = new PGliteDriver(this.#config);
    await driver.init();
    return driver.acquireConnection();
  }
}
