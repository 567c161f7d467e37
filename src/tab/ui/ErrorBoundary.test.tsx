import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { renderWithLooks } from '../testing/render-tab.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';

let isBroken = true;
function Area() {
  if (isBroken) throw new Error('cannot read mailbox');
  return <p>Mended</p>;
}

test('one broken area leaves the rest usable and can be tried again (fault 104)', async () => {
  // React reports the error that the test causes on purpose.
  const reported = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { user } = renderWithLooks(
    <>
      <ErrorBoundary>
        <Area />
      </ErrorBoundary>
      <p>The rest</p>
    </>,
  );
  expect(screen.getByRole('heading', { name: 'This part of the page stopped working' })).toBeVisible();
  expect(screen.getByText('The rest')).toBeVisible();
  expect(reported).toHaveBeenCalled();
  reported.mockClear();

  isBroken = false;
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(screen.getByText('Mended')).toBeVisible();
});
