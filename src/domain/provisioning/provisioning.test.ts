import { describe, expect, test } from 'vitest';
import { suggestMapping } from './csv-columns.ts';
import { readCsvRow } from './csv-row.ts';
import { nextProvisioningState, type ProvisioningEvent, provisioningStates } from './provisioning-state.ts';
import { addableVerdicts, groupOfVerdict, rowGroups, rowVerdicts, verdictsOfGroup } from './row-verdict.ts';

const id = '0f9b2c1e-5f53-4a7e-9a55-2b7f3f1f0c11';
const all = { id: 0, userPrincipalName: 1, mail: 2, displayName: 3 };

describe('headings suggest columns', () => {
  test.each([
    [['Object Id', 'User principal name', 'Display Name'], { id: 0, userPrincipalName: 1, displayName: 2 }],
    [['Department', 'DISPLAYNAME', 'upn', 'x', 'OBJECT_ID'], { id: 4, userPrincipalName: 2, displayName: 1 }],
    [['PrimarySmtpAddress'], { mail: 0 }],
    [['id', 'id'], { id: 0 }],
    [['__proto__', 'constructor', 'e-mail'], { mail: 2 }],
    [['ada@contoso.example'], {}],
  ])('%j', (names, mapping) => expect(suggestMapping(names)).toEqual(mapping));
});

describe('a row names somebody', () => {
  test('by object id where it has one', () => {
    expect(readCsvRow([id.toUpperCase(), 'ada@b.example', '', 'Ada'], all, 4)).toEqual({
      kind: 'person',
      person: { keyKind: 'id', key: id, userPrincipalName: 'ada@b.example', displayName: 'Ada', mail: null },
    });
  });

  test.each([
    [['', 'Ada@B.example', 'x@y.example'], 'userPrincipalName', 'ada@b.example'],
    [['', '', ' x@Y.example '], 'mail', 'x@y.example'],
    [['', "=cmd|'/C_calc'!a@b.example"], 'userPrincipalName', "=cmd|'/c_calc'!a@b.example"],
  ])('%j', (cells, keyKind, key) => {
    expect(readCsvRow(cells, all, 4)).toMatchObject({ kind: 'person', person: { keyKind, key } });
  });

  test.each([
    [['', '', ''], 'row.nobody_named'],
    [['nobody', 'ada@b.example'], 'row.object_id'],
    [['', 'ada'], 'row.address'],
    [['', 'a@b@c'], 'row.address'],
    [['', '', 'a b@c.example'], 'row.address'],
    [[id, '', '', 'x'.repeat(257)], 'row.too_long'],
    [[id, '', '', '', 'x'.repeat(2_001)], 'row.too_many_cells'],
    [['', `${'x'.repeat(1_100)}@b.example`], 'row.too_long'],
    [[id, '', '', 'B\u0007b'], 'row.control_character'],
    [['', 'a\n@b.example'], 'row.control_character'],
    [[id, '', '', 'Ada', 'moved'], 'row.too_many_cells'],
  ])('%j does not', (cells, problem) => {
    expect(readCsvRow(cells, all, 4)).toEqual({ kind: 'problem', problem });
  });
});

test('every verdict is in one group, and only ready ones are added unless asked for', () => {
  expect(rowGroups.flatMap(verdictsOfGroup).sort()).toEqual([...rowVerdicts].sort());
  expect(addableVerdicts(false).map(groupOfVerdict)).toEqual(['ready', 'ready', 'ready']);
  expect(addableVerdicts(true)).toContain('no_licence');
  expect(addableVerdicts(true)).not.toContain('guest');
});

test('whatever happens in whatever order: what is applying is neither cancelled nor discarded, and who is applied was ready', () => {
  const events: ProvisioningEvent[] = ['map', 'cancel', 'resume', 'apply', 'discard'];
  for (const state of provisioningStates) {
    for (const event of events) {
      const after = nextProvisioningState(state, event);
      if (state === 'applying') expect(after).toBeUndefined();
      if (after === 'applying') expect(state).toBe('ready');
      if (after === 'checking') expect(['mapping', 'cancelled', 'stopped']).toContain(state);
    }
  }
});
