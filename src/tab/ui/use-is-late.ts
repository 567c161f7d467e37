import { useEffect, useState } from 'react';

/** True when the caller has been shown for two seconds: then a skeleton alone no longer says enough. */
export function useIsLate(): boolean {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 2_000);
    return () => clearTimeout(timer);
  }, []);
  return isLate;
}
