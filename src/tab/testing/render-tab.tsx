import { FluentProvider, Toaster, teamsLightTheme } from '@fluentui/react-components';
import { QueryClientProvider } from '@tanstack/react-query';
import { act, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { getSession } from '../../contract/session.ts';
import { createApi } from '../api/api.ts';
import { ApiContext } from '../api/api-context.ts';
import { createQueryClient } from '../api/query-client.ts';
import type { SignIn } from '../auth/sign-in.ts';
import { SignInContext } from '../auth/sign-in-context.ts';
import { ConfigurationContext } from '../configuration-context.ts';
import type { Host } from '../host/host.ts';
import { SignedIn } from '../signed-in/SignedIn.tsx';
import { TextsProvider } from '../texts/texts-context.tsx';
import { toasterId } from '../ui/toast.tsx';
import { configuration, session } from './fixtures.ts';
import { answer } from './service.ts';

/** A sign-in that always works, without access to the directory. */
export function aSignIn(some: Partial<SignIn> = {}): SignIn {
  return { way: 'teams', getApiToken: async () => 'token', askByClick: async () => {}, ...some };
}

interface Options {
  readonly signIn?: SignIn;
  readonly host?: Host;
}

/** Opens the signed-in tab at an address, as an admin would find it. */
export function renderTab(address: string, { signIn = aSignIn(), host = { kind: 'browser' } }: Options = {}) {
  answer(getSession, session);
  window.history.replaceState(null, '', address);
  return renderWithLooks(<SignedIn configuration={configuration} host={host} signIn={signIn} />);
}

/** A part of the signed-in tab by itself, with what the page would pass to it. */
export function renderPart(element: ReactNode, signIn: SignIn = aSignIn()) {
  return renderWithLooks(
    <ConfigurationContext value={configuration}>
      <SignInContext value={signIn}>
        <ApiContext value={createApi(signIn.getApiToken)}>
          <QueryClientProvider client={createQueryClient()}>
            {element}
            <Toaster toasterId={toasterId} />
          </QueryClientProvider>
        </ApiContext>
      </SignInContext>
    </ConfigurationContext>,
  );
}

/** Anything that needs only theme and words. */
export function renderWithLooks(element: ReactNode) {
  const user = userEvent.setup();
  const view = render(
    <FluentProvider theme={teamsLightTheme}>
      <TextsProvider locale="en-GB">{element}</TextsProvider>
    </FluentProvider>,
  );
  return { user, ...view };
}

/**
 * The dialog or drawer that has just opened. Here its effects run before the one who hides the rest of the page has seen
 * it: then it has the focus itself, and is hidden too, until something in it has the focus.
 */
export async function findDialog(): Promise<HTMLElement> {
  return waitFor(() => {
    const dialog = screen.getByRole('dialog', { hidden: true });
    if (dialog === document.activeElement) act(() => dialog.querySelector<HTMLElement>('button, input')?.focus());
    return screen.getByRole('dialog');
  });
}

/** A toast, which is also read aloud from a second place in the page. */
export async function findToast(text: string | RegExp): Promise<void> {
  await screen.findAllByText(text);
}
