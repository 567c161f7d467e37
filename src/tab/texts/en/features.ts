import type { Capability } from '../../../domain/mailbox-access/capability.ts';
import type { Amounts } from './amounts.ts';

export function features({ people }: Amounts) {
  return {
    section: 'Features and permissions',
    intro: (count: number) =>
      `Each feature needs one permission, the least that serves it. A change touches ${people(count)} of this organization.`,
    without: {
      mail: 'Without it, mail is neither checked nor synchronized.',
      send: 'Without it, nothing is sent in the name of a user. It is never tried: only sending mail would prove it.',
      calendar: 'Without it, calendars are neither checked nor synchronized.',
      contacts: 'Without it, contacts are neither checked nor synchronized.',
      settings: 'Without it, time zone, working hours and the kind of mailbox are not read.',
    } satisfies Record<Capability, string>,
    missing: 'Off: the permission is not granted.',
    waiting: 'Off until Microsoft shows the permission.',
    last: 'An organization keeps at least one feature.',
    switchedOn: (name: string) => `${name} was switched on`,
    switchedOff: (name: string) => `${name} was switched off`,
  };
}
