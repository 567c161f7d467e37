import { html } from 'hono/html';
import { page } from './page.ts';

export type ResponseMode = 'query' | 'fragment' | 'form_post';

/** Leads the browser back to the application with these parameters. */
export async function redirectBack(
  redirectUri: string,
  mode: ResponseMode,
  parameters: Readonly<Record<string, string | undefined>>,
): Promise<Response> {
  if (redirectUri.startsWith('brk-')) return handToBroker();
  const present = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  if (mode === 'form_post') return postBack(redirectUri, present);
  const url = new URL(redirectUri);
  if (mode === 'fragment') url.hash = new URLSearchParams(present).toString();
  else for (const [name, value] of present) url.searchParams.append(name, value);
  return new Response(null, { status: 302, headers: { location: url.href, 'cache-control': 'no-store' } });
}

/** A redirect URI of nested app authentication: the host takes over from here and closes its window. */
function handToBroker(): Promise<Response> {
  return page({
    title: 'Working…',
    script: 'window.close()',
    body: html`<p>You can close this window.</p>`,
  });
}

function postBack(redirectUri: string, parameters: readonly [string, string][]): Promise<Response> {
  return page({
    title: 'Working…',
    leadsTo: redirectUri,
    script: 'document.forms[0].submit()',
    body: html`<form method="post" action="${redirectUri}">
${parameters.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<div class="buttons"><button class="primary" type="submit">Continue</button></div>
</form>`,
  });
}
