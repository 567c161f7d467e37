import { inspect } from 'node:util';

const shown = '[token]';

/** The access token of a request. It shows itself to nobody but who asks for it: not to logs, JSON or templates. */
export class AccessToken {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** For Entra alone, in exchange for a token of another API. */
  reveal(): string {
    return this.#value;
  }

  toJSON(): string {
    return shown;
  }

  toString(): string {
    return shown;
  }

  [inspect.custom](): string {
    return shown;
  }
}
