import { type TabConfiguration, tabConfigurationElementId } from '../contract/tab-configuration.ts';

/**
 * Reads what the service wrote into the page. Checked by hand, because a schema library would have to be loaded first.
 * @returns undefined when the page did not come from the service
 */
export function readConfiguration(page: Document): TabConfiguration | undefined {
  const text = page.getElementById(tabConfigurationElementId)?.textContent ?? '';
  try {
    const value: unknown = JSON.parse(text);
    return isConfiguration(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isConfiguration(value: unknown): value is TabConfiguration {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Record<string, unknown>;
  const texts = [fields.clientId, fields.authority, fields.apiScope, fields.graphEndpoint];
  return (
    texts.every((text) => typeof text === 'string' && text !== '') &&
    Array.isArray(fields.teamsOrigins) &&
    fields.teamsOrigins.every((origin) => typeof origin === 'string')
  );
}
