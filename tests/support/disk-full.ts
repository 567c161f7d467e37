import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

// Preloaded into a service process and its threads: the disk is full while the file of DISK_FULL_WHILE is there.

const flag = process.env.DISK_FULL_WHILE ?? '';
const { writeSync, statfsSync } = fs;
const isFull = () => fs.existsSync(flag);

fs.writeSync = ((fd: number, ...rest: unknown[]) => {
  if (fd > 2 && isFull()) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  return (writeSync as (...all: unknown[]) => number)(fd, ...rest);
}) as typeof fs.writeSync;
fs.statfsSync = ((path: string) => {
  const found = statfsSync(path);
  return isFull() ? Object.assign(found, { bavail: 0 }) : found;
}) as typeof fs.statfsSync;
syncBuiltinESMExports();
