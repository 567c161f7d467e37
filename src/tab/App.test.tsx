import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { App } from './App.tsx';
import { readConfiguration } from './configuration.ts';
import { configuration } from './testing/fixtures.ts';

test('a page without configuration says so', () => {
  render(<App configuration={undefined} host={{ kind: 'browser' }} />);
  expect(screen.getByRole('heading', { name: 'This page has no configuration' })).toBeVisible();
});

test('a frame that is not Teams leads to a browser window of its own', async () => {
  render(<App configuration={configuration} host={{ kind: 'silent', technical: 'no answer within 4 s' }} />);
  expect(await screen.findByRole('heading', { name: 'Microsoft Teams did not answer' })).toBeVisible();
  expect(screen.getByRole('link', { name: 'Open in the browser' })).toHaveAttribute('rel', 'noopener noreferrer');
  expect(screen.getByText('no answer within 4 s')).toBeVisible();
});

test.each([
  ['', undefined],
  ['{}', undefined],
  ['not json', undefined],
  [JSON.stringify({ ...configuration, teamsOrigins: 'all' }), undefined],
  [JSON.stringify(configuration), configuration],
])('the configuration %s is read as it should be', (text, expected) => {
  const page = document.implementation.createHTMLDocument();
  const element = page.createElement('script');
  element.type = 'application/json';
  element.id = 'tab-configuration';
  element.textContent = text;
  page.body.append(element);
  expect(readConfiguration(page)).toEqual(expected);
});
