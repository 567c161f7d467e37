import type { Format } from '../format.ts';

/** Numbers, and how many of what the tab counts most. */
export function amounts({ number: n }: Format) {
  const people = (count: number) => `${n(count)} ${count === 1 ? 'user' : 'users'}`;
  const mailboxes = (count: number) => `${n(count)} ${count === 1 ? 'mailbox' : 'mailboxes'}`;
  return { n, people, mailboxes };
}

export type Amounts = ReturnType<typeof amounts>;
