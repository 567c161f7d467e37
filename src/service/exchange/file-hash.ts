import { createHash } from 'node:crypto';

/**
 * SHA-256 of a file's bytes in upper-case hexadecimal, as PowerShell's Get-FileHash prints it, so that an admin can compare
 * what was downloaded with what is shown.
 * @param content the file as it is saved; text is UTF-8, with its byte order mark when it has one
 */
export function fileHash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').toUpperCase();
}
