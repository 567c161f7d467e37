import { html } from 'hono/html';
import { directoryRoles } from '../tenant/directory-roles.ts';
import { type NamedPerson, namedPeople } from '../tenant/named-people.ts';
import type { Person } from '../tenant/person.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { World } from '../world.ts';
import { page } from './page.ts';

interface AccountPageOptions {
  readonly world: World;
  /** Absent on endpoints for every tenant. */
  readonly tenant: Tenant | undefined;
  /** Account that is chosen already: a login hint, or who is signed in. */
  readonly hint: string | undefined;
  readonly leadsTo: string;
  /** What was wrong with the last choice. */
  readonly problem?: string;
}

/** *Pick an account*: the accounts that tests call by name, and a field for every other one. */
export function accountPage({ world, tenant, hint, leadsTo, problem }: AccountPageOptions): Promise<Response> {
  const tenants = tenant ? [tenant] : [...world.tenants.values()];
  const accounts = tenants.flatMap(namedAccounts);
  const chosen = accounts.find((person) => isHinted(person, hint)) ?? (hint ? undefined : accounts[0]);
  return page({
    title: 'Pick an account',
    leadsTo,
    body: html`<h1>Pick an account</h1>
<p>to continue to <b>${world.registration.displayName}</b></p>
${problem ? html`<p role="alert">${problem}</p>` : ''}
<form method="post">
<fieldset>
<legend>Accounts</legend>
${accounts.map(
  (person) => html`<label class="account">
<input type="radio" name="account" value="${person.id}" ${person === chosen ? 'checked' : ''}>
<span>${person.displayName}<small>${person.userPrincipalName}${rolesOf(person)}</small></span>
</label>`,
)}
</fieldset>
<label class="field">Use another account
<input type="text" name="other" autocomplete="off" spellcheck="false" placeholder="someone@${tenants[0]?.domain}"
 value="${chosen || !hint ? '' : hint}">
</label>
<div class="buttons">
<button class="primary" type="submit" name="decision" value="next">Next</button>
<button type="submit" name="decision" value="cancel">Cancel</button>
</div>
</form>`,
  });
}

/** People with an account of their own that may sign in, admins first. */
function namedAccounts(tenant: Tenant): Person[] {
  const alias = (userPrincipalName: string) => userPrincipalName.split('@')[0];
  const aliases = new Set(Object.values<NamedPerson>(namedPeople).map((person) => alias(person.userPrincipalName)));
  return tenant.people
    .filter((person) => person.accountEnabled && aliases.has(alias(person.userPrincipalName)))
    .sort((one, other) => other.directoryRoles.length - one.directoryRoles.length);
}

const isHinted = (person: Person, hint: string | undefined) =>
  hint !== undefined && [person.id, person.userPrincipalName.toLowerCase()].includes(hint.toLowerCase());

const rolesOf = (person: Person) =>
  person.directoryRoles.map((role) => ` · ${directoryRoles[role].displayName}`).join('');
