/** Asks the service; POSTs where there is a body. */
export type Ask = <T>(path: string, body?: unknown) => Promise<T>;

/** @param token of an admin */
export function askAs(token: string, origin: string): Ask {
  return async (path, body) => {
    const response = await fetch(`${origin}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json() as never;
  };
}
