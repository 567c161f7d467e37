import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultAnswer } from './faults.ts';
import { corsHeaders } from './graph/routes.ts';

/**
 * Does to a connection what a fault says.
 * @returns whether the ordinary answer is still to come
 */
export async function injectFault(
  fault: FaultAnswer,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<boolean> {
  if (fault.delayMs) await sleep(fault.delayMs, undefined, { ref: false });
  if (fault.hang) return false;
  if (fault.reset) {
    incoming.socket.destroy();
    return false;
  }
  const isAnswer = fault.status !== undefined || fault.body !== undefined || fault.html !== undefined || fault.truncate;
  if (!isAnswer) return true;
  answer(fault, outgoing);
  return false;
}

function answer(fault: FaultAnswer, outgoing: ServerResponse): void {
  const body = Buffer.from(
    fault.html ?? (typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? {})),
  );
  outgoing.writeHead(fault.status ?? 200, {
    ...corsHeaders,
    'content-type': fault.html === undefined ? 'application/json' : 'text/html; charset=utf-8',
    'content-length': body.length,
    ...fault.headers,
  });
  if (!fault.truncate) {
    outgoing.end(body);
    return;
  }
  outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => outgoing.socket?.destroy());
}
