import { createContext, useContext } from 'react';
import type { TabConfiguration } from '../contract/tab-configuration.ts';

export const ConfigurationContext = createContext<TabConfiguration | undefined>(undefined);

export function useConfiguration(): TabConfiguration {
  const configuration = useContext(ConfigurationContext);
  if (!configuration) throw new Error('ConfigurationContext is missing');
  return configuration;
}
