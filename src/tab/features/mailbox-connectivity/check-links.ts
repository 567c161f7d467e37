import type { AccessStatus } from '../../../domain/mailbox-access/verdict.ts';

/** From a number to the users behind it; without a status, to all of them. */
export interface CheckLinks {
  readonly hrefOf: (status: AccessStatus | undefined) => string;
  readonly onOpen: (status: AccessStatus | undefined) => void;
}
