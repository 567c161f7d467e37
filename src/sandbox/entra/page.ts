import { randomBytes } from 'node:crypto';
import { html, raw } from 'hono/html';

type Markup = ReturnType<typeof html>;

interface PageOptions {
  readonly title: string;
  readonly body: Markup;
  /** Where a form of the page may lead in the end: the redirect after the form counts too. */
  readonly leadsTo?: string;
  /** Runs once the page is there. */
  readonly script?: string;
  readonly status?: number;
}

const style = `
:root { color-scheme: light dark; --back: #f3f2f1; --card: #fff; --text: #242424; --soft: #5c5c5c; --line: #8a8886;
  --accent: #0f6cbd; --on-accent: #fff; --shade: #f5f5f5 }
@media (prefers-color-scheme: dark) { :root { --back: #1b1a19; --card: #292827; --text: #fff; --soft: #c8c6c4;
  --line: #979593; --accent: #479ef5; --on-accent: #0a2e4a; --shade: #323130 } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px 12px; background: var(--back);
  color: var(--text); font: 15px/1.45 system-ui, 'Segoe UI', sans-serif }
main { width: min(440px, 100%); padding: 36px; background: var(--card); border-radius: 4px;
  box-shadow: 0 2px 8px rgb(0 0 0 / 0.25) }
.brand { margin: 0 0 16px; color: var(--soft); font-weight: 600 }
h1 { margin: 0 0 12px; font-size: 24px; line-height: 1.25; overflow-wrap: anywhere }
p { margin: 0 0 12px; overflow-wrap: anywhere }
.soft { color: var(--soft) }
fieldset { border: 0; margin: 0 0 16px; padding: 0; max-height: 320px; overflow: auto }
legend { padding: 0; margin-bottom: 4px; font-weight: 600 }
.account { display: flex; gap: 12px; align-items: center; padding: 8px; border-radius: 4px; cursor: pointer }
.account:hover { background: var(--shade) }
.account span { overflow-wrap: anywhere }
.account small { display: block; color: var(--soft) }
label.field { display: block; margin-bottom: 16px }
input[type='text'] { width: 100%; margin-top: 4px; padding: 8px; font: inherit; color: inherit; background: var(--card);
  border: 1px solid var(--line); border-radius: 2px }
ul { margin: 0 0 16px; padding: 0; list-style: none; border-top: 1px solid var(--line) }
li { padding: 8px 0; border-bottom: 1px solid var(--line) }
li small { display: block; color: var(--soft) }
/* The first button of a form is the one that Enter presses; it stands rightmost. */
.buttons { display: flex; flex-direction: row-reverse; gap: 8px; margin-top: 20px; flex-wrap: wrap }
button { min-width: 108px; padding: 7px 14px; font: inherit; border-radius: 2px; border: 1px solid var(--line);
  background: var(--card); color: var(--text); cursor: pointer }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600 }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
@media (max-width: 480px) { body { padding: 0; place-items: stretch } main { border-radius: 0; padding: 24px } }
`;

/** A page of Entra: no script but the one given, and it may not be framed. */
export async function page({ title, body, leadsTo, script, status = 200 }: PageOptions): Promise<Response> {
  const nonce = randomBytes(16).toString('base64');
  const formAction = leadsTo ? `'self' ${originForPolicy(leadsTo)}` : "'self'";
  const text = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${raw(style)}</style>
</head>
<body>
<main>
<p class="brand">Simulated Microsoft sign-in</p>
${body}
</main>
${script ? html`<script nonce="${nonce}">${raw(script)}</script>` : ''}
</body>
</html>
`;
  return new Response(String(text), {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': [
        "default-src 'none'",
        'img-src data:',
        `style-src 'nonce-${nonce}'`,
        ...(script ? [`script-src 'nonce-${nonce}'`] : []),
        `form-action ${formAction}`,
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ].join('; '),
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'strict-origin-when-cross-origin',
    },
  });
}

/** An error that is shown instead of a redirect: Entra does not trust the redirect URI, or there is none. */
export function errorPage(code: number, text: string): Promise<Response> {
  return page({
    title: 'Sign in to your account',
    body: html`<h1>Sorry, but we’re having trouble signing you in.</h1>
<p role="alert">AADSTS${code}: ${text}</p>`,
    status: 400,
  });
}

function originForPolicy(uri: string): string {
  const url = new URL(uri);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.origin : url.protocol;
}
