import { html } from 'hono/html';
import type { ApplicationRegistration } from '../tenant/registration.ts';
import { page } from './page.ts';
import type { Account } from './sign-ins.ts';

interface PermissionsPageOptions {
  /** The application that asks. */
  readonly registration: ApplicationRegistration;
  readonly account: Account;
  /** Id of the dialog's step, to be posted back. */
  readonly step: string;
  readonly leadsTo: string;
  /** What is asked for, in words. */
  readonly permissions: readonly { readonly displayName: string; readonly kind: string }[];
  /** `organization`: for everybody; `user_or_organization`: an admin may choose; `user`: for oneself. */
  readonly onBehalfOf: 'organization' | 'user_or_organization' | 'user';
}

/** *Permissions requested*, with *Accept* and *Cancel*. */
export function permissionsPage(options: PermissionsPageOptions): Promise<Response> {
  const { registration, account, step, leadsTo, permissions, onBehalfOf } = options;
  return page({
    title: 'Permissions requested',
    leadsTo,
    body: html`<p class="soft">${account.person.userPrincipalName}</p>
<h1>Permissions requested</h1>
${onBehalfOf === 'organization' ? html`<p>Review for your organization</p>` : ''}
<p><b>${registration.displayName}</b><br>
<span class="soft">${registration.publisher} · ${registration.clientId}</span></p>
<p>This application would like to:</p>
<ul aria-label="Permissions">
${permissions.map(({ displayName, kind }) => html`<li>${displayName}<small>${kind}</small></li>`)}
</ul>
<form method="post">
<input type="hidden" name="step" value="${step}">
${
  onBehalfOf === 'user_or_organization'
    ? html`<p><label><input type="checkbox" name="everybody" value="yes"> Consent on behalf of your organization</label></p>`
    : ''
}
<p class="soft">${
      onBehalfOf === 'organization'
        ? `If you accept, this app will get access to the specified resources for all users in ${account.tenant.displayName}. No one else will be prompted to review these permissions.`
        : 'Accepting these permissions means that you allow this app to use your data as specified.'
    }</p>
<div class="buttons">
<button class="primary" type="submit" name="decision" value="accept">Accept</button>
<button type="submit" name="decision" value="cancel">Cancel</button>
</div>
</form>`,
  });
}

/** *Need admin approval*: this account may not consent. */
export function approvalNeededPage(
  registration: ApplicationRegistration,
  account: Account,
  leadsTo: string,
): Promise<Response> {
  return page({
    title: 'Need admin approval',
    leadsTo,
    body: html`<p class="soft">${account.person.userPrincipalName}</p>
<h1>Need admin approval</h1>
<p><b>${registration.displayName}</b></p>
<p role="alert">${registration.displayName} needs permission to access resources in your organization that only an
admin can grant. Please ask an admin to grant permission to this app before you can use it.</p>
<form method="post">
<div class="buttons">
<button class="primary" type="submit" name="decision" value="not_admin">Return to the application without granting consent</button>
<button type="submit" name="decision" value="restart">Sign in with another account</button>
</div>
</form>`,
  });
}
