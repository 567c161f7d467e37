// What a browser does with Entra's pages, without a browser: forms are read from the HTML and posted.

/** A page that is shown, with the address its forms go to. */
export interface ShownPage {
  readonly address: string;
  readonly status: number;
  readonly html: string;
  readonly headers: Headers;
  /** Kept for the next request. */
  readonly cookie: string;
}

export type Step = ShownPage | URL;

/** Opens an address; a redirect is not followed but returned. */
export async function open(address: string, cookie = ''): Promise<Step> {
  return read(address, cookie, await fetch(address, { redirect: 'manual', headers: { cookie } }));
}

/** Posts the form of a page. */
export async function submit(step: Step, fields: Record<string, string>): Promise<Step> {
  if (step instanceof URL) throw new Error(`There is no page to submit, but a redirect to ${step.href}.`);
  const hidden = [...step.html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  const body = new URLSearchParams({
    ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])),
    ...fields,
  });
  const response = await fetch(step.address, {
    method: 'POST',
    body,
    redirect: 'manual',
    headers: { cookie: step.cookie },
  });
  return read(step.address, step.cookie, response);
}

/** Opens a sign-in, picks an account, and returns where Entra leads back to. */
export async function signInAt(address: string, userPrincipalName: string): Promise<URL> {
  const step = await submit(await open(address), { other: userPrincipalName, decision: 'next' });
  if (step instanceof URL) return step;
  throw new Error(`Entra shows another page: ${textOf(step)}`);
}

/** The words of a page. */
export function textOf(step: Step): string {
  if (step instanceof URL) return `redirect to ${step.href}`;
  const body = step.html.replace(/<(style|script)[\s\S]*?<\/\1>/g, '').replace(/<[^>]+>/g, ' ');
  return body
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();
}

async function read(address: string, cookie: string, response: Response): Promise<Step> {
  const location = response.headers.get('location');
  if (location) return new URL(location);
  const set = response.headers.getSetCookie().map((each) => each.split(';')[0]);
  return {
    address,
    status: response.status,
    html: await response.text(),
    headers: response.headers,
    cookie: set.length > 0 ? set.join('; ') : cookie,
  };
}
