import type { Kysely, Transaction } from 'kysely';
import type { ActivitySchema } from './schema/activity.ts';
import type { AssignmentRulesSchema } from './schema/assignment-rules.ts';
import type { ConsentSchema } from './schema/consent.ts';
import type { EwsMigrationsSchema } from './schema/ews-migrations.ts';
import type { MailboxConnectivitySchema } from './schema/mailbox-connectivity.ts';
import type { MailboxScopeSchema } from './schema/mailbox-scope.ts';
import type { MailboxSyncSchema } from './schema/mailbox-sync.ts';
import type { OrganizationsSchema } from './schema/organizations.ts';
import type { ProvisioningSchema } from './schema/provisioning.ts';
import type { RequestRateSchema } from './schema/request-rate.ts';
import type { SavedViewsSchema } from './schema/saved-views.ts';
import type { UserCommandsSchema } from './schema/user-commands.ts';
import type { UsersSchema } from './schema/users.ts';

/** Every table; those of an area stand in `schema/<slug>.ts`. */
export interface Schema
  extends ActivitySchema,
    AssignmentRulesSchema,
    ConsentSchema,
    EwsMigrationsSchema,
    MailboxConnectivitySchema,
    MailboxScopeSchema,
    MailboxSyncSchema,
    OrganizationsSchema,
    ProvisioningSchema,
    RequestRateSchema,
    SavedViewsSchema,
    UserCommandsSchema,
    UsersSchema {}

/** The database outside a transaction. Using it inside one is refused: see `transaction.ts`. */
export type Db = Kysely<Schema>;
/** The database inside a transaction: what writes that belong together take. */
export type Tx = Transaction<Schema>;
