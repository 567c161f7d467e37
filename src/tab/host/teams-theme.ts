import { app } from '@microsoft/teams-js';
import type { TeamsTheme } from './host.ts';

/** Themes Teams may add later are shown as light. */
export function knownTheme(theme: string): TeamsTheme {
  return theme === 'dark' || theme === 'contrast' ? theme : 'default';
}

/** Teams keeps one handler: the last one wins. */
export function followTeamsTheme(onChange: (theme: TeamsTheme) => void): void {
  app.registerOnThemeChangeHandler((theme) => onChange(knownTheme(theme)));
}
