import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { ProvisioningRow } from '../../../contract/provisioning.ts';
import { verdictWords } from '../../../contract/provisioning-words.ts';
import { toCell } from '../../http/csv-cell.ts';
import { fileStream } from '../../http/file-stream.ts';

const columns: readonly {
  readonly heading: string;
  readonly value: (row: ProvisioningRow) => string | number | null;
}[] = [
  { heading: 'Line', value: ({ line }) => line },
  { heading: 'Named', value: ({ named }) => named },
  { heading: 'Verdict', value: ({ verdict }) => verdict },
  { heading: 'Cause', value: causeOf },
  { heading: 'Remedy', value: ({ verdict }) => verdictWords[verdict].remedy },
  { heading: 'Reason code', value: ({ reason }) => reason },
  { heading: 'Object id', value: ({ userId }) => userId },
  { heading: 'Display name', value: ({ displayName }) => displayName },
  { heading: 'User principal name', value: ({ userPrincipalName }) => userPrincipalName },
];

/** Rows as CSV after RFC 4180, in UTF-8 with a byte order mark; every cell is one that a spreadsheet may be given. */
export function rowsCsv(pages: AsyncIterable<readonly ProvisioningRow[]>): ReadableStream<Uint8Array> {
  const csv = stringify({
    bom: true,
    header: true,
    columns: columns.map(({ heading }) => heading),
    record_delimiter: '\r\n',
    quoted: true,
  });
  // Who reads is told by the stream itself; without a callback the error would be thrown at nobody.
  pipeline(Readable.from(records(pages)), csv, () => {});
  return fileStream(csv);
}

async function* records(pages: AsyncIterable<readonly ProvisioningRow[]>) {
  for await (const page of pages) {
    for (const row of page) yield columns.map(({ value }) => toCell(String(value(row) ?? '')));
  }
}

function causeOf({ verdict, duplicateOf, organizationName }: ProvisioningRow): string {
  const { title } = verdictWords[verdict];
  if (duplicateOf !== null) return `${title}, in line ${duplicateOf}`;
  return organizationName === null ? title : `${title}: ${organizationName}`;
}
