import { useEffect, useState } from 'react';
import type { Host } from './host/host.ts';

/** The language numbers and times are written in. Teams reloads the tab when its own language changes. */
export function useLocale(host: Host): string {
  const [locale, setLocale] = useState(() => (host.kind === 'teams' ? host.locale : navigator.language));
  useEffect(() => {
    if (host.kind === 'teams') return;
    const follow = () => setLocale(navigator.language);
    window.addEventListener('languagechange', follow);
    return () => window.removeEventListener('languagechange', follow);
  }, [host]);
  return locale;
}
