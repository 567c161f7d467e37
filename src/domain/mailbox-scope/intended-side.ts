import type { IntendedSide } from '../mailbox-access/verdict.ts';

/**
 * Where the intended limit has a mailbox. An allow-list lets its members in and nobody else, a block-list everybody but
 * its members.
 * @param list undefined when no limit is intended
 */
export function intendedSide(list: 'allow' | 'block' | undefined, isMember: boolean): IntendedSide {
  if (!list) return 'not_limited';
  return isMember === (list === 'allow') ? 'inside' : 'outside';
}
