import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { renderWithLooks } from '../testing/render-tab.tsx';
import { SignInFailurePage } from './SignInFailurePage.tsx';
import { canAskByClick, signInFailureKinds } from './sign-in-failure.ts';

test.each(signInFailureKinds)('%s has cause, next step, a way to try again and the technical detail', (kind) => {
  renderWithLooks(
    <SignInFailurePage kind={kind} technical="AADSTS1 · abc" onSignIn={async () => {}} onTryAgain={() => {}} />,
  );
  expect(screen.getByRole('heading', { level: 1 })).toBeVisible();
  expect(screen.getByRole('alert').textContent?.length).toBeGreaterThan(60);
  expect(screen.getByRole('button', { name: 'Try again' })).toBeVisible();
  expect(screen.getByRole('button', { name: 'Copy technical details' })).toBeVisible();
  const signIn = screen.queryByRole('button', { name: 'Sign in' });
  if (canAskByClick(kind)) expect(signIn).toBeVisible();
  else expect(signIn).not.toBeInTheDocument();
});

test('Sign in lets Microsoft ask, by the click itself', async () => {
  const ask = vi.fn(async () => {});
  const { user } = renderWithLooks(
    <SignInFailurePage kind="interaction_required" technical="" onSignIn={ask} onTryAgain={() => {}} />,
  );
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(ask).toHaveBeenCalledOnce();
});
