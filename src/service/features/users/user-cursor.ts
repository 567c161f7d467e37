import { z } from 'zod';
import { AppError } from '../../app-error.ts';

/** What a key of a list's order is; instants are microseconds since 1970. */
export type CursorType = 'number' | 'text' | 'uuid' | 'instant';

const shape = z.tuple([z.string()], z.string().max(2_000));
const sound: Readonly<Record<CursorType, RegExp>> = {
  number: /^\d{1,9}$/,
  text: /^[^\0]*$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  instant: /^\d{1,16}$/,
};

/**
 * The last row of a page: where the next one begins.
 * @param order names the order of the list: a cursor of another one leads nowhere
 */
export function encodeCursor(order: string, keys: readonly string[]): string {
  return Buffer.from(JSON.stringify([order, ...keys])).toString('base64url');
}

/** @throws AppError `request.invalid` for a cursor that we did not make, or made for another order */
export function decodeCursor(cursor: string, order: string, types: readonly CursorType[]): string[] {
  try {
    const [of, ...keys] = shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    const isSound = keys.length === types.length && types.every((type, index) => sound[type].test(keys[index] ?? ''));
    if (of !== order || !isSound) throw new Error('another list');
    return keys;
  } catch {
    throw new AppError('request.invalid', {
      details: { in: 'query', issues: ['cursor: not from a page of this list'] },
    });
  }
}
