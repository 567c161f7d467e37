import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import {
  getMailboxScope,
  getScopeScript,
  previewMailboxScope,
  startScopeChange,
} from '../../../contract/mailbox-scope.ts';
import { aMailboxScope, aScopeChange, aScopePreview, salesGroup, salesOnly } from '../../testing/fixtures.ts';
import { aSignIn, findDialog, findToast, renderPart } from '../../testing/render-tab.tsx';
import { answer, refuse, service } from '../../testing/service.ts';
import { ScopeSection } from './ScopeSection.tsx';
// The Graph client loads with its first use; here it is loaded beforehand.
import '../../graph/directory.ts';

const inGraph = { ...salesGroup, mail: salesGroup.address, mailEnabled: true, securityEnabled: true, groupTypes: [] };
const withDirectory = aSignIn({ way: 'nested', getGraphToken: async () => 'graph-token' });

async function openDrawer(signIn = withDirectory) {
  service.use(http.get('https://graph.microsoft.com/v1.0/groups', () => HttpResponse.json({ value: [inGraph] })));
  const { user } = renderPart(<ScopeSection />, signIn);
  await user.click(await screen.findByRole('button', { name: 'Limit to a group' }));
  const drawer = within(await findDialog());
  return { user, drawer };
}

async function openWithSales() {
  const opened = await openDrawer();
  const { user, drawer } = opened;
  await user.type(await drawer.findByRole('searchbox', { name: 'Search groups by name' }), 'sal');
  await user.click(await drawer.findByRole('button', { name: /Sales/ }));
  return opened;
}

test('a limit is chosen, previewed and planned', async () => {
  const previews = answer(previewMailboxScope, aScopePreview());
  const { user, drawer } = await openWithSales();
  expect(drawer.getByText('sales@contoso.example · Mail-enabled security group')).toBeVisible();
  const plan = () => drawer.getByRole('button', { name: 'Plan this change' });
  expect(plan()).toHaveAccessibleDescription('Look at the preview first.');

  await user.click(drawer.getByRole('button', { name: 'Preview' }));
  expect(await drawer.findByText('This application can open 214 of 12,430 mailboxes.')).toBeVisible();
  expect(drawer.getByText('12,216 mailboxes close')).toBeVisible();
  expect(drawer.getByText('such as Person 4, Person 5 and Person 6')).toBeVisible();
  expect(drawer.getByText('No mailbox opens')).toBeVisible();
  expect(
    drawer.getByText(/202 users directly in the group · 12 users only in nested groups: Sales Europe/),
  ).toBeVisible();
  expect(drawer.getByText('Role: Application Mail.Read')).toBeVisible();
  const wanted = { mechanism: 'role_assignments', list: 'allow', groupId: salesGroup.id, includeNested: true };
  expect(previews[0]?.body).toEqual(wanted);

  const planned = answer(startScopeChange, () => {
    answer(getMailboxScope, aMailboxScope({ intent: salesOnly, change: aScopeChange() }));
    return aScopeChange();
  });
  answer(getScopeScript, { fileName: 'limit.ps1', text: 'x', sha256: 'abc' });
  await user.click(plan());
  expect(await screen.findByRole('list', { name: 'Steps of the change' })).toBeVisible();
  expect(planned[0]?.body).toEqual(wanted);
  await findToast('Planned. Nothing is changed in Exchange yet');
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
});

test('what stops a limit is named first, in words, and the plan says why it is off', async () => {
  answer(
    previewMailboxScope,
    aScopePreview({
      mayStart: false,
      problems: [
        { problem: 'union_trap', names: ['Mail.Read'] },
        { problem: 'group_unknown_to_exchange', names: ['Sales'] },
      ],
    }),
  );
  const { user, drawer } = await openWithSales();
  await user.click(drawer.getByRole('button', { name: 'Preview' }));
  const list = await drawer.findByRole('list', { name: 'What stands against it' });
  const [first, second] = within(list).getAllByRole('listitem');
  expect(first).toHaveTextContent('Stops the changeExchange does not know this group');
  expect(second).toHaveTextContent('WarningA tenant-wide grant in Entra makes the limit without effect');
  const plan = drawer.getByRole('button', { name: 'Plan this change' });
  expect(plan).toHaveAttribute('aria-disabled', 'true');
  expect(plan).toHaveAccessibleDescription('The preview names what stands in the way.');
});

test('another choice takes the preview away', async () => {
  answer(previewMailboxScope, aScopePreview());
  const { user, drawer } = await openWithSales();
  await user.click(drawer.getByRole('button', { name: 'Preview' }));
  expect(await drawer.findByRole('region', { name: 'What would change' })).toBeVisible();
  await user.click(drawer.getByRole('radio', { name: /All mailboxes but those of the group/ }));
  expect(drawer.queryByRole('region', { name: 'What would change' })).not.toBeInTheDocument();
});

test('the older mechanism is there for who looks for it, with Microsoft’s word on it', async () => {
  const previews = answer(previewMailboxScope, aScopePreview());
  const { user, drawer } = await openWithSales();
  expect(drawer.queryByRole('radio', { name: /Application access policy/ })).not.toBeInTheDocument();
  await user.click(drawer.getByRole('button', { name: 'Older mechanism' }));
  await user.click(
    drawer.getByRole('radio', { name: /Application access policy.*Microsoft asks not to create new ones/ }),
  );
  expect(drawer.getByText('Policies look into nested groups by themselves.')).toBeVisible();
  await user.click(drawer.getByRole('button', { name: 'Preview' }));
  await waitFor(() => expect(previews[0]?.body).toMatchObject({ mechanism: 'application_access_policy' }));
});

test('a permission that Microsoft has to ask for is one click away, and the preview comes after it', async () => {
  refuse(previewMailboxScope, 'scope.sign_in_needed', { scopes: ['GroupMember.Read.All'] });
  const { user, drawer } = await openWithSales();
  await user.click(drawer.getByRole('button', { name: 'Preview' }));
  expect(await drawer.findByText('Permission: GroupMember.Read.All')).toBeVisible();
  answer(previewMailboxScope, aScopePreview());
  await user.click(drawer.getByRole('button', { name: 'Allow in Microsoft’s window' }));
  expect(await drawer.findByRole('region', { name: 'What would change' })).toBeVisible();
});

test('a plan that is refused says why', async () => {
  answer(previewMailboxScope, aScopePreview());
  refuse(startScopeChange, 'scope.change_open');
  const { user, drawer } = await openWithSales();
  await user.click(drawer.getByRole('button', { name: 'Preview' }));
  await drawer.findByRole('region', { name: 'What would change' });
  await user.click(drawer.getByRole('button', { name: 'Plan this change' }));
  expect(await drawer.findByText('A change of the limit is under way')).toBeVisible();
});

test('where the directory cannot be searched, the group’s id is enough', async () => {
  const previews = answer(previewMailboxScope, aScopePreview());
  const { user, drawer } = await openDrawer(aSignIn());
  const field = drawer.getByRole('textbox', { name: 'Object id of the group' });
  await user.type(field, 'sales');
  expect(drawer.getByText(/An object id has 36 characters/)).toBeVisible();
  await user.clear(field);
  await user.type(field, salesGroup.id);
  await user.click(drawer.getByRole('button', { name: 'Preview' }));
  await waitFor(() => expect(previews[0]?.body).toMatchObject({ groupId: salesGroup.id }));
});
