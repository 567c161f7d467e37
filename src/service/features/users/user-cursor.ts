import { z } from 'zod';
import type { UserId } from '../../../domain/ids.ts';
import { AppError } from '../../app-error.ts';

/** The last row of a page: where the next one begins. */
export interface UserCursor {
  readonly rank: number;
  readonly name: string;
  readonly id: UserId;
}

const shape = z.tuple([z.int().min(0).max(100), z.string().max(600), z.guid()]);

export function encodeCursor({ rank, name, id }: UserCursor): string {
  return Buffer.from(JSON.stringify([rank, name, id])).toString('base64url');
}

/** @throws AppError `request.invalid` for a cursor that we did not make */
export function decodeCursor(cursor: string): UserCursor {
  try {
    const [rank, name, id] = shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if (name.includes('\0')) throw new Error('NUL');
    return { rank, name, id: id.toLowerCase() as UserId };
  } catch {
    throw new AppError('request.invalid', {
      details: { in: 'query', issues: ['cursor: not from a page of this list'] },
    });
  }
}
