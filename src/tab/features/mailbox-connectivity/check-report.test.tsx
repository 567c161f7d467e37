import { screen } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { getConsent } from '../../../contract/consent.ts';
import { listConnectivityChecks } from '../../../contract/mailbox-connectivity.ts';
import { listOrganizations } from '../../../contract/organizations.ts';
import { downloadCheckReport } from '../../../contract/reports.ts';
import { aCheck, anOrganization, authorized, organizationIdOf } from '../../testing/fixtures.ts';
import { findToast, renderTab } from '../../testing/render-tab.tsx';
import { answer, refuse, service } from '../../testing/service.ts';

const address = `/connectivity?organization=${organizationIdOf(1)}`;
const check = aCheck();
const fileName = 'check-report_00000000_completed_20261123T214500Z.html';

beforeEach(() => {
  answer(listOrganizations, { organizations: [anOrganization({ consentState: 'authorized' })] });
  answer(getConsent, authorized);
  answer(listConnectivityChecks, { checks: [check] });
});

function watchFiles() {
  const saved: string[] = [];
  URL.createObjectURL = () => 'blob:1';
  URL.revokeObjectURL = () => {};
  HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
    saved.push(this.download);
  };
  return saved;
}

function answerReport() {
  const asked: string[] = [];
  service.use(
    http.get(`*${downloadCheckReport.path}`, ({ params, request }) => {
      asked.push(`${params.checkId} ${request.headers.get('authorization')}`);
      return new HttpResponse('<!doctype html>', {
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'content-disposition': `attachment; filename="${fileName}"; filename*=UTF-8''${fileName}`,
        },
      });
    }),
  );
  return asked;
}

test('the report of a check is saved under the name the service gave, and asked for with the admin’s token', async () => {
  const saved = watchFiles();
  const asked = answerReport();
  const { user } = renderTab(address);

  await user.click(await screen.findByRole('button', { name: 'Report' }));

  await findToast(`Saved as ${fileName}`);
  expect(asked).toEqual([`${check.id} Bearer token`]);
  expect(saved).toEqual([fileName]);
});

test('a report that is refused says why, and can be tried again', async () => {
  const saved = watchFiles();
  refuse(downloadCheckReport, 'check.not_found');
  const { user } = renderTab(address);
  await user.click(await screen.findByRole('button', { name: 'Report' }));
  expect(await screen.findByText('The check does not exist')).toBeVisible();

  answerReport();
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await findToast(`Saved as ${fileName}`);
  expect(saved).toEqual([fileName]);
});
