import { screen } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test, vi } from 'vitest';
import { listOrganizations } from '../../../contract/organizations.ts';
import { exportUsers, exportUsersAsJson, listUsers } from '../../../contract/users.ts';
import { anOrganization, aUser, countsOf, organizationIdOf } from '../../testing/fixtures.ts';
import { findToast, renderTab } from '../../testing/render-tab.tsx';
import { answer, refuse, service } from '../../testing/service.ts';

const fileName = 'users_Zoë_blocked_20261123T214500Z_1.csv';

/** Files that were saved, and the name of each. */
function watchFiles() {
  const saved: { name: string; content: Blob }[] = [];
  const contents: Blob[] = [];
  URL.createObjectURL = (blob: Blob) => `blob:${contents.push(blob)}`;
  URL.revokeObjectURL = () => {};
  HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, content: contents.at(-1) as Blob });
  };
  return saved;
}

function arrange(total = 1) {
  answer(listOrganizations, { organizations: [anOrganization()] });
  const users = total > 0 ? [aUser(1)] : [];
  answer(listUsers, { users, nextCursor: null, counts: countsOf({ blocked: total }), total });
}

function answerFile(text: string, headers: Record<string, string> = {}, { path } = exportUsers as { path: string }) {
  const calls: Request[] = [];
  service.use(
    http.get(`*${path}`, ({ request }) => {
      calls.push(request.clone());
      return new HttpResponse(text, {
        headers: {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': `attachment; filename="users_Zo_.csv"; filename*=UTF-8''${encodeURIComponent(fileName)}`,
          ...headers,
        },
      });
    }),
  );
  return calls;
}

const address = `/users?organization=${organizationIdOf(1)}&status=blocked&search=per&sort=status`;
const button = () => screen.findByRole('button', { name: 'Export' });

async function exportAs(user: ReturnType<typeof renderTab>['user'], format: string) {
  await user.click(await button());
  await user.click(await screen.findByRole('menuitem', { name: format }));
}

test('fault 82: the export asks for what the page shows, and is saved under the name the service gave', async () => {
  const saved = watchFiles();
  arrange();
  const calls = answerFile('\uFEFF"Name"\r\n');
  const { user } = renderTab(address);
  await screen.findByRole('grid', { name: 'Users' });

  await exportAs(user, 'CSV');

  await findToast(`Saved as ${fileName}`);
  expect(Object.fromEntries(new URL(calls[0]?.url ?? '').searchParams)).toEqual({
    organizationId: organizationIdOf(1),
    status: 'blocked',
    search: 'per',
    sort: 'status',
  });
  expect(calls[0]?.headers.get('authorization')).toBe('Bearer token');
  expect(saved.map(({ name }) => name)).toEqual([fileName]);
  expect([...new Uint8Array((await saved[0]?.content.arrayBuffer()) as ArrayBuffer)].slice(0, 4)).toEqual([
    0xef, 0xbb, 0xbf, 0x22,
  ]);
});

test('the same users are saved as JSON, asked for by the same filter', async () => {
  const saved = watchFiles();
  arrange();
  const calls = answerFile('[]', { 'content-type': 'application/json; charset=utf-8' }, exportUsersAsJson);
  const { user } = renderTab(address);
  await screen.findByRole('grid', { name: 'Users' });

  await exportAs(user, 'JSON');

  await findToast(`Saved as ${fileName}`);
  expect(new URL(calls[0]?.url ?? '').search).toBe(
    `?organizationId=${organizationIdOf(1)}&status=blocked&search=per&sort=status`,
  );
  expect(saved.map(({ name }) => name)).toEqual([fileName]);
});

test('when nobody matches there is nothing to export, and the command says so', async () => {
  arrange(0);
  renderTab(address);
  await screen.findByRole('heading', { name: 'Nobody matches' });
  expect(await button()).toHaveAttribute('aria-disabled', 'true');
  expect(await button()).toHaveAccessibleDescription('Nobody matches: there is nothing to export.');
});

test('an export that is refused says why and saves nothing', async () => {
  const saved = watchFiles();
  arrange();
  refuse(exportUsers, 'organization.not_found');
  const { user } = renderTab(address);
  await screen.findByRole('grid', { name: 'Users' });
  await exportAs(user, 'CSV');
  expect(await screen.findByText('The organization does not exist')).toBeVisible();

  answerFile('x');
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await findToast(`Saved as ${fileName}`);
  expect(saved).toHaveLength(1);
});

test('fault 82: a file that breaks off is not saved', async () => {
  const saved = watchFiles();
  arrange();
  answerFile('"Name"\r\n');
  const blob = vi.spyOn(Response.prototype, 'blob').mockRejectedValue(new TypeError('terminated'));
  const { user } = renderTab(address);
  await screen.findByRole('grid', { name: 'Users' });
  await exportAs(user, 'CSV');
  expect(await screen.findByText('The service cannot be reached')).toBeVisible();
  expect(saved).toEqual([]);
  blob.mockRestore();
});

test('an answer that is no file is not saved', async () => {
  const saved = watchFiles();
  arrange();
  answerFile('<html>', { 'content-type': 'text/html' });
  const { user } = renderTab(address);
  await screen.findByRole('grid', { name: 'Users' });
  await exportAs(user, 'CSV');
  expect(await screen.findByRole('button', { name: 'Try again' })).toBeVisible();
  expect(saved).toEqual([]);
});
