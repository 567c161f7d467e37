import { createContext, useContext } from 'react';
import type { Host } from './host.ts';

export const HostContext = createContext<Host>({ kind: 'browser' });

export function useHost(): Host {
  return useContext(HostContext);
}
