import type { Language } from './language.ts';

/** Numbers and times as the admin's locale writes them. */
export interface Format {
  number(value: number): string;
  /** With one decimal below ten, such as `2.4` or `118`. */
  rate(value: number): string;
  dateTime(instant: string): string;
  /** A day that Microsoft names, the same wherever it is read: in UTC. */
  day(instant: string): string;
  /** Exact, for tooltips: `2026-11-23 10:00:05`. */
  utc(instant: string): string;
  /** Such as `12 min ago`. */
  age(instant: string, now: number): string;
  /** Such as `2 min` or `10 s`. */
  duration(seconds: number): string;
  list(words: readonly string[]): string;
}

/**
 * @param locale BCP 47; one that the browser does not know becomes English
 * @param language of the sentences around: ages and durations are words, and words of two languages do not mix
 */
export function createFormat(locale: string, language: Language): Format {
  const known = knownLocale(locale);
  const wordy = new Intl.Locale(known).language === language ? known : language;
  const number = new Intl.NumberFormat(known);
  const fine = new Intl.NumberFormat(known, { maximumFractionDigits: 1 });
  const dateTime = new Intl.DateTimeFormat(known, { dateStyle: 'medium', timeStyle: 'short' });
  const day = new Intl.DateTimeFormat(known, { dateStyle: 'medium', timeZone: 'UTC' });
  const relative = new Intl.RelativeTimeFormat(wordy, { numeric: 'auto', style: 'short' });
  const list = new Intl.ListFormat(wordy, { type: 'conjunction' });
  const unit = (unitName: string) =>
    new Intl.NumberFormat(wordy, { style: 'unit', unit: unitName, unitDisplay: 'short', maximumFractionDigits: 0 });

  return {
    number: (value) => number.format(value),
    rate: (value) => (value < 10 ? fine.format(value) : number.format(Math.round(value))),
    dateTime: (instant) => dateTime.format(new Date(instant)),
    day: (instant) => day.format(new Date(instant)),
    utc: (instant) => new Date(instant).toISOString().slice(0, 19).replace('T', ' '),
    age: (instant, now) => {
      const seconds = Math.round((new Date(instant).getTime() - now) / 1000);
      const { divisor, name } = stepOf(Math.abs(seconds));
      return relative.format(Math.round(seconds / divisor), name);
    },
    duration: (seconds) => {
      const { divisor, name } = stepOf(seconds);
      return unit(name).format(Math.max(1, Math.round(seconds / divisor)));
    },
    list: (words) => list.format(words),
  };
}

type Step = { readonly upTo: number; readonly divisor: number; readonly name: 'second' | 'minute' | 'hour' | 'day' };

const longest: Step = { upTo: Number.POSITIVE_INFINITY, divisor: 86_400, name: 'day' };
const steps: readonly Step[] = [
  { upTo: 60, divisor: 1, name: 'second' },
  { upTo: 3_600, divisor: 60, name: 'minute' },
  { upTo: 86_400, divisor: 3_600, name: 'hour' },
];

function stepOf(seconds: number): Step {
  return steps.find((step) => seconds < step.upTo) ?? longest;
}

function knownLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en';
  } catch {
    return 'en';
  }
}
