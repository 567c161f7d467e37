import { setImmediate as turn } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { User } from '../../../contract/users.ts';
import type { OrganizationId, UserId } from '../../../domain/ids.ts';
import { toCell } from '../../http/csv-cell.ts';
import { userColumns } from './user-columns.ts';
import { usersCsv } from './users-csv.ts';
import { usersJson } from './users-json.ts';

const ada: User = {
  id: '00000000-0000-4000-8000-000000000001' as UserId,
  displayName: 'Ada',
  userPrincipalName: 'ada@contoso.example',
  mail: null,
  organizationId: '00000000-0000-4000-8000-000000000002' as OrganizationId,
  organizationName: 'Head office',
  connectionType: 'graph_app_only',
  mailboxState: 'initialized',
  syncEnabled: true,
  syncSwitches: { user: true, organization: true },
  openIssues: 0,
  access: { status: 'blocked', reason: 'mailbox.none', checkedAt: '2026-11-23T10:00:00.000Z' },
  lastSyncAt: null,
  createdAt: '2026-11-23T09:00:00.000Z',
  updatedAt: '2026-11-23T09:00:00.000Z',
  disabledDueTo: null,
  directory: { isLicensed: null, accountEnabled: null, mailboxType: null },
};

const asJson = {
  name: 'Ada',
  userPrincipalName: 'ada@contoso.example',
  address: null,
  organization: 'Head office',
  connection: 'Microsoft Graph',
  mailboxStatus: 'Initialized',
  status: 'Blocked',
  reason: 'the user has no mailbox',
  checkedAt: '2026-11-23T10:00:00.000Z',
};

async function* pagesWith(...pages: User[][]) {
  yield* pages;
}

const textOf = async (csv: ReadableStream<Uint8Array>) => Buffer.from(await new Response(csv).arrayBuffer()).toString();
const heading =
  '\uFEFF"Name","User principal name","Address","Organization","Connection","Mailbox Status","Status","Reason","Checked at (UTC)"\r\n';

test('the file begins with a byte order mark and headings, and says what the list says', async () => {
  expect(await textOf(usersCsv(pagesWith([ada])))).toBe(
    `${heading}"Ada","ada@contoso.example",,"Head office","Microsoft Graph","Initialized","Blocked","the user has no mailbox","2026-11-23T10:00:00.000Z"\r\n`,
  );
});

test('nobody at all is a file with headings', async () => {
  expect(await textOf(usersCsv(pagesWith()))).toBe(heading);
});

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom(',', ';', '"', '\r', '\n', '\t', '=', '@', ' ', 'ä', '\uD800', '\0', "'"),
    maxLength: 12,
  }),
  fc.integer({ min: 32_760, max: 32_775 }).map((length) => 'x'.repeat(length)),
);

test('fault 81: what a parser reads is what was written, neutralised', async () => {
  const people = fc.array(fc.tuple(text, text, text, text), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(people, async (rows) => {
      const users = rows.map(([displayName, userPrincipalName, mail, organizationName]) => {
        return { ...ada, displayName, userPrincipalName, mail, organizationName };
      });
      const written = await textOf(usersCsv(pagesWith(users.slice(0, 2), users.slice(2))));
      const read = parse(written, { bom: true, record_delimiter: '\r\n', from: 2 }) as unknown as string[][];
      expect(read.map((cells) => cells.slice(0, 4))).toEqual(rows.map((row) => row.map(toCell)));
    }),
    { numRuns: 150 },
  );
});

describe('as JSON', () => {
  test('it is an array with the columns of the CSV file, one user per line', async () => {
    const written = await textOf(usersJson(pagesWith([ada], [], [ada])));
    expect(JSON.parse(written)).toEqual([asJson, asJson]);
    expect(Object.keys(asJson)).toEqual(userColumns.map(({ key }) => key));
    expect(written.split('\n')).toHaveLength(5);
  });

  test('nobody at all is an empty array', async () => {
    expect(await textOf(usersJson(pagesWith()))).toBe('[]\n');
  });

  test('what a parser reads is what is known: nothing is neutralised, nothing ends a text', async () => {
    const names = fc.array(fc.oneof(text, fc.constantFrom('=1+1', '"},{"', '\u2028', '\uD800')), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(names, async (all) => {
        const written = await textOf(usersJson(pagesWith(all.map((displayName) => ({ ...ada, displayName })))));
        expect(JSON.parse(written).map((user: { name: string }) => user.name)).toEqual(all);
      }),
      { numRuns: 150 },
    );
  });

  test('fault 82: cut off anywhere, it is no JSON', async () => {
    const written = (await textOf(usersJson(pagesWith([ada, ada])))).trimEnd();
    for (let length = 1; length < written.length; length++) {
      expect(() => JSON.parse(written.slice(0, length))).toThrow();
    }
  });
});

describe.each([
  ['CSV', usersCsv],
  ['JSON', usersJson],
])('fault 83: the file is a stream: %s', (_format, write) => {
  const page = Array.from({ length: 500 }, () => ada);

  test('pages are asked for as they are read, and a reader that leaves ends the asking', async () => {
    let asked = 0;
    let isOver = false;
    async function* endless() {
      try {
        for (;;) {
          asked++;
          yield page;
        }
      } finally {
        isOver = true;
      }
    }
    const reader = write(endless()).getReader();
    await reader.read();
    // Turns in which a stream without back-pressure would have asked for a page each.
    for (let turns = 0; turns < 200; turns++) await turn();
    expect(asked).toBeLessThan(5);
    await reader.cancel();
    await expect.poll(() => isOver).toBe(true);
  });

  test('200,000 rows need little memory', async () => {
    async function* many() {
      for (let index = 0; index < 400; index++) yield page;
    }
    const before = process.memoryUsage().rss;
    let highest = 0;
    let bytes = 0;
    for await (const chunk of write(many()) as unknown as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      highest = Math.max(highest, process.memoryUsage.rss());
    }
    expect(bytes).toBeGreaterThan(20_000_000);
    expect(highest - before).toBeLessThan(150 * 1024 * 1024);
  });

  test('a reader who stalls is cut off, and the asking ends', async () => {
    let isOver = false;
    async function* endless() {
      try {
        for (;;) yield page;
      } finally {
        isOver = true;
      }
    }
    const reader = write(endless(), { limitMs: 20 }).getReader();
    await reader.read();
    await expect.poll(() => isOver).toBe(true);
    await expect(reader.closed).rejects.toThrow();
  });

  test('fault 82: a failure midway is an error of the stream, not its end', async () => {
    async function* failing() {
      yield page;
      throw new Error('the database went away');
    }
    await expect(textOf(write(failing()))).rejects.toThrow();
  });
});
