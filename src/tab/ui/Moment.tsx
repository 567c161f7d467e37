import { useEffect, useState } from 'react';
import { useFormat, useTexts } from '../texts/texts-context.tsx';

interface Props {
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** `age` says how long ago, `dateTime` when, `day` on which day in UTC. */
  readonly as?: 'age' | 'dateTime' | 'day';
}

/** A time as the admin's locale says it; the exact UTC shows on hover. */
export function Moment({ at, as = 'age' }: Props) {
  const format = useFormat();
  const { common } = useTexts();
  // What has just happened is no future, however old the last look at the clock is.
  const now = Math.max(useNow(), Date.parse(at));
  return (
    <time dateTime={at} title={common.utc(format.utc(at))}>
      {as === 'age' ? format.age(at, now) : format[as](at)}
    </time>
  );
}

/** The time, renewed often enough for ages in minutes. */
export function useNow(everyMs = 30_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
