import {
  FluentProvider,
  type Theme,
  teamsDarkTheme,
  teamsHighContrastTheme,
  teamsLightTheme,
} from '@fluentui/react-components';
import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import type { TabConfiguration } from '../contract/tab-configuration.ts';
import { SignInFailurePage } from './auth/SignInFailurePage.tsx';
import { SignInGate } from './auth/SignInGate.tsx';
import type { Host, TeamsTheme } from './host/host.ts';
import { tellTeamsReady } from './host/teams-lifecycle.ts';
import { directionOf } from './texts/locale.ts';
import { TextsProvider } from './texts/texts-context.tsx';
import { ErrorBoundary } from './ui/ErrorBoundary.tsx';
import { StartingPage } from './ui/StartingPage.tsx';
import { useLocale } from './use-locale.ts';
import { useTheme } from './use-theme.ts';

const SignedIn = lazy(async () => ({ default: (await import('./signed-in/SignedIn.tsx')).SignedIn }));

const themes: Readonly<Record<TeamsTheme, Theme>> = {
  default: teamsLightTheme,
  dark: teamsDarkTheme,
  contrast: teamsHighContrastTheme,
};

interface Props {
  readonly configuration: TabConfiguration | undefined;
  readonly host: Host;
}

/** Looks and language of the host around the sign-in, and the application behind it. */
export function App({ configuration, host }: Props) {
  // Also a page that explains a failed sign-in is a page that works: Teams must not replace it by its own.
  useEffect(() => {
    if (host.kind === 'teams') tellTeamsReady();
  }, [host]);

  return (
    <Looks host={host}>
      <ErrorBoundary>
        {configuration ? (
          <SignInGate configuration={configuration} host={host}>
            {(signIn) => (
              <Suspense fallback={<StartingPage />}>
                <SignedIn configuration={configuration} host={host} signIn={signIn} />
              </Suspense>
            )}
          </SignInGate>
        ) : (
          <SignInFailurePage kind="not_configured" technical="" onTryAgain={() => window.location.reload()} />
        )}
      </ErrorBoundary>
    </Looks>
  );
}

function Looks({ host, children }: { host: Host; children: ReactNode }) {
  const theme = useTheme(host);
  const locale = useLocale(host);
  const direction = directionOf(locale);
  useEffect(() => {
    document.documentElement.dir = direction;
    // Forms, scroll bars and the time before the next paint follow the theme, not the system.
    document.documentElement.style.colorScheme = theme === 'default' ? 'light' : 'dark';
  }, [direction, theme]);
  return (
    <FluentProvider theme={themes[theme]} dir={direction}>
      <TextsProvider locale={locale}>{children}</TextsProvider>
    </FluentProvider>
  );
}
