import type { BrowserMeasurement } from './browser.ts';
import type { ExportMeasurement } from './exports.ts';
import type { ListMeasurement } from './lists.ts';
import type { Growth, Measurement } from './measurement.ts';
import { clients } from './scenario.ts';

const columns: readonly (readonly [title: string, cell: (line: Measurement) => string])[] = [
  ['client', ({ client }) => clients[client]],
  ['mailboxes', ({ mailboxes }) => whole(mailboxes)],
  ['seconds', ({ seconds }) => seconds.toFixed(2)],
  ['mailboxes/s', ({ mailboxesPerSecond }) => whole(mailboxesPerSecond)],
  ['of ceiling', ({ ratioToCeiling }) => ratioToCeiling?.toFixed(3) ?? '-'],
  ['429', ({ wastedShare }) => `${(wastedShare * 100).toFixed(2)} %`],
  ['CPU s/1,000', ({ cpuSecondsPerThousand }) => cpuSecondsPerThousand.toFixed(3)],
  ['peak RSS MB', ({ peakRssMb }) => whole(peakRssMb)],
  ['list p99 ms', ({ listP99Ms }) => listP99Ms?.toFixed(0) ?? '-'],
];

/** The measurements as text, one table per scenario. */
export function tableOf(measurements: readonly Measurement[]): string {
  const scenarios = Map.groupBy(measurements, ({ scenario }) => scenario);
  return [...scenarios]
    .map(([scenario, lines]) => {
      const cells = lines.map((line) => columns.map(([, cell]) => cell(line)));
      return `${scenario}\n${aligned([columns.map(([title]) => title), ...cells])}`;
    })
    .join('\n\n');
}

export function growthTableOf(growths: readonly Growth[]): string {
  const cells = growths.map(({ scenario, client, from, to, timePerMailboxRatio, peakRssRatio }) => [
    scenario,
    clients[client],
    `${whole(from)} to ${whole(to)}`,
    timePerMailboxRatio.toFixed(2),
    peakRssRatio.toFixed(2),
  ]);
  return aligned([['scenario', 'client', 'mailboxes', 'time per mailbox', 'peak RSS'], ...cells]);
}

export function listTableOf(lists: readonly ListMeasurement[]): string {
  const cells = lists.map(({ database, users, case: name, p50Ms, p95Ms, p99Ms }) => [
    database,
    whole(users),
    name,
    ...[p50Ms, p95Ms, p99Ms].map((ms) => ms.toFixed(1)),
  ]);
  return aligned([['database', 'users', 'users list', 'p50 ms', 'p95 ms', 'p99 ms'], ...cells]);
}

export function exportTableOf(exports: readonly ExportMeasurement[]): string {
  const cells = exports.map((line) => [
    line.database,
    whole(line.users),
    line.format,
    line.meanwhile,
    whole(line.writes),
    line.isComplete ? 'yes' : 'NO',
    line.isOneMoment === null ? '-' : line.isOneMoment ? 'yes' : 'NO',
    line.firstByteMs.toFixed(0),
    line.seconds.toFixed(1),
    line.megabytes.toFixed(1),
    line.rssGrowthMb.toFixed(0),
  ]);
  const titles = ['database', 'users', 'export', 'meanwhile', 'writes', 'each once', 'of one moment'];
  return aligned([[...titles, 'first byte ms', 'seconds', 'MB', 'RSS growth MB'], ...cells]);
}

/** Typing and scrolling in the built tab. */
export function browserTableOf(browsers: readonly BrowserMeasurement[]): string {
  const ms = (value: number) => value.toFixed(0);
  const typed = browsers.flatMap(({ database, users, typing, typingOn }) =>
    [
      { name: 'each key to its rows', ...typing },
      { name: 'last key of a text to its rows', ...typingOn },
    ].map(({ name, keys, p50Ms, p95Ms, mostMs, slowest }) => [
      database,
      whole(users),
      name,
      whole(keys),
      ...[p50Ms, p95Ms, mostMs].map(ms),
      slowest,
    ]),
  );
  const scrolled = browsers.map(({ database, users, scroll, tasks }) => [
    database,
    whole(users),
    whole(scroll.rows),
    whole(scroll.longTasksMs.length),
    scroll.longTasksMs[0] === undefined ? '-' : ms(scroll.longTasksMs[0]),
    whole(tasks.longTasks),
    ms(tasks.longestMs),
    ms(scroll.frameP95Ms),
    whole(scroll.rowElements),
    whole(scroll.elementsInRows),
  ]);
  const ofBoth = ['database', 'users'];
  return [
    [[...ofBoth, 'typing in Chromium', 'times', 'p50 ms', 'p95 ms', 'most ms', 'slowest'], ...typed],
    [
      [
        ...ofBoth,
        'rows scrolled',
        'tasks > 50 ms',
        'longest ms',
        'CPU > 50 ms',
        'longest CPU ms',
        'frame p95 ms',
        'rows',
        'elements in rows',
      ],
      ...scrolled,
    ],
  ]
    .map(aligned)
    .join('\n\n');
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_title, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
