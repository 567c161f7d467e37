import { useEffect, useState } from 'react';
import type { Host, TeamsTheme } from './host/host.ts';
import { followTeamsTheme } from './host/teams-theme.ts';

const dark = '(prefers-color-scheme: dark)';

/** The host's theme, live. Outside Teams the system decides, and forced colours are left to the browser. */
export function useTheme(host: Host): TeamsTheme {
  const [theme, setTheme] = useState<TeamsTheme>(() =>
    host.kind === 'teams' ? host.theme : systemTheme(window.matchMedia(dark).matches),
  );
  useEffect(() => {
    if (host.kind === 'teams') return followTeamsTheme(setTheme);
    const query = window.matchMedia(dark);
    const follow = () => setTheme(systemTheme(query.matches));
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, [host]);
  return theme;
}

function systemTheme(isDark: boolean): TeamsTheme {
  return isDark ? 'dark' : 'default';
}
