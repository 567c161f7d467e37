import { expect, test } from 'vitest';
import { initialsOf } from './Initials.tsx';

test.each([
  ['Ada Lovelace', 'AL'],
  ['Linus', 'L'],
  ['Maria Sklodowska-Curie', 'MC'],
  ['Διονύσης Παπαδόπουλος', 'ΔΠ'],
  ['山田 太郎', '山太'],
  ['𝒜lice', '𝒜'],
  ['(external) bob', 'B'],
  ['=SUM(A1) +Formula', 'S'],
  ['   ', ''],
])('%s has the initials %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});
