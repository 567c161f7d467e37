import type { Generated, Selectable } from 'kysely';
import type { FileProblem, ProvisioningSource } from '../../../contract/provisioning.ts';
import type { OrganizationId, ProvisioningId, TenantId, UserId } from '../../../domain/ids.ts';
import type { ReasonCode } from '../../../domain/mailbox-access/reason.ts';
import type { CsvMapping } from '../../../domain/provisioning/csv-columns.ts';
import type { KeyKind } from '../../../domain/provisioning/csv-row.ts';
import type { ProvisioningState } from '../../../domain/provisioning/provisioning-state.ts';
import type { RowVerdict } from '../../../domain/provisioning/row-verdict.ts';
import type { Json } from './json.ts';

/** One bringing of people into an organization. */
export interface ProvisioningsTable {
  tenant_id: TenantId;
  id: ProvisioningId;
  organization_id: OrganizationId;
  source: ProvisioningSource;
  state: ProvisioningState;
  stopped_because: Generated<ReasonCode | null>;
  refusal_problem: Generated<FileProblem | null>;
  refusal_line: Generated<number | null>;
  file_name: string | null;
  file_bytes: number | null;
  received_bytes: Generated<number>;
  headings: Json<string[]>;
  sample: Json<string[][]>;
  mapping: Json<CsvMapping>;
  /** Whether every row of the source is in the table. */
  is_staged: boolean;
  /** The last line that is in the table. */
  staged_line: Generated<number>;
  /** Where reading the directory goes on: Graph's next link, as it is. */
  next_link: Generated<string | null>;
  total: Generated<number>;
  checked: Generated<number>;
  added: Generated<number>;
  counts: Json<{ verdict: RowVerdict; count: number }[]>;
  includes_fixable: Generated<boolean>;
  /** Counts the workers that took it; a writer with an older number is refused. */
  fence: Generated<number>;
  started_by: UserId;
  started_by_name: string;
  applied_by: Generated<UserId | null>;
  applied_by_name: Generated<string | null>;
  created_at: Date;
  finished_at: Generated<Date | null>;
}

export type StoredProvisioning = Selectable<ProvisioningsTable>;

/** The file as it came, until its rows are in the table. */
export interface ProvisioningPiecesTable {
  tenant_id: TenantId;
  provisioning_id: ProvisioningId;
  starts_at: number;
  content: Uint8Array;
}

export interface ProvisioningRowsTable {
  tenant_id: TenantId;
  provisioning_id: ProvisioningId;
  line: number;
  verdict: RowVerdict;
  key_kind: KeyKind;
  /** In lower case; of a row that names nobody, what stands in its place. */
  key: string;
  user_id: UserId | null;
  display_name: string | null;
  user_principal_name: string | null;
  mail: string | null;
  duplicate_of: number | null;
}

export interface ProvisioningSchema {
  provisionings: ProvisioningsTable;
  provisioning_pieces: ProvisioningPiecesTable;
  provisioning_rows: ProvisioningRowsTable;
}
