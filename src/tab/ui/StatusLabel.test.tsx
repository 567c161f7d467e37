import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { accessStatuses } from '../../domain/mailbox-access/verdict.ts';
import { renderWithLooks } from '../testing/render-tab.tsx';
import { StatusLabel } from './StatusLabel.tsx';

test.each([
  ['exposed', 'Exposed'],
  ['blocked', 'Blocked'],
  ['limited', 'Limited'],
  ['could_not_tell', 'Could not tell'],
  ['waiting', 'Waiting for Microsoft'],
  ['not_checked', 'Not checked'],
  ['working', 'Working'],
] as const)('%s is an icon and the word %s', (status, word) => {
  const { container } = renderWithLooks(<StatusLabel status={status} />);
  expect(screen.getByText(word)).toBeVisible();
  expect(container.querySelector('svg')).toHaveAttribute('aria-hidden', 'true');
});

test('no two statuses share word and icon', () => {
  const looks = accessStatuses.map((status) => {
    const { container, unmount } = renderWithLooks(<StatusLabel status={status} />);
    const html = `${container.textContent} ${container.querySelector('path')?.getAttribute('d')}`;
    unmount();
    return html;
  });
  expect(new Set(looks).size).toBe(accessStatuses.length);
});
