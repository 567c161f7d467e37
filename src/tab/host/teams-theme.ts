import { app } from '@microsoft/teams-js';
import type { TeamsTheme } from './host.ts';

/** Themes Teams may add later are shown as light. */
export function knownTheme(theme: string): TeamsTheme {
  return theme === 'dark' || theme === 'contrast' ? theme : 'default';
}

/**
 * Tells every change from now on, and the theme as it is now: it may have changed since Teams was asked first. Teams keeps
 * one handler: the last one wins.
 */
export function followTeamsTheme(onTheme: (theme: TeamsTheme) => void): void {
  app.registerOnThemeChangeHandler((theme) => onTheme(knownTheme(theme)));
  // Teams answers in the order in which it is asked. Without an answer the first one stands.
  app.getContext().then(
    (context) => onTheme(knownTheme(context.app.theme)),
    () => undefined,
  );
}
