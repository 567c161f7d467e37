import { type RequestOptions, request } from 'node:https';

/** One https call with JSON both ways. @throws Error with status and answer for anything but 2xx */
export function callJson(url: string, { body, ...options }: RequestOptions & { body?: object }): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) resolve(text ? JSON.parse(text) : undefined);
        else reject(new Error(`${options.method} ${url} answered ${status}: ${text}`));
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body && JSON.stringify(body));
  });
}
