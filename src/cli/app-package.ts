import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import Draft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { strToU8, zipSync } from 'fflate';

/** What the manifest's place-holders stand for. */
export interface AppPackageSettings {
  /** Semantic version; must grow with each upload of the same app. */
  readonly version: string;
  /** Id of the app in Teams; not the client id. */
  readonly teamsAppId: string;
  readonly clientId: string;
  /** Https origin of the tab, without a slash at the end. */
  readonly publicUrl: string;
  readonly appIdUri: string;
  readonly apiScope: string;
  readonly publisherName: string;
}

const folder = new URL('../../manifest/', import.meta.url);
const languages = ['de'];
const iconSizes = { 'color.png': 192, 'outline.png': 32 } as const;
const schemas = '@microsoft/app-manifest/build/json-schemas/teams/v1.30/';

// Zip stores no time zone: a fixed date makes the same input give the same bytes.
const zipDate = new Date(2026, 0, 1);

/**
 * Builds the app package to upload to Teams: manifest, language files and icons at the root of a zip, the same bytes for
 * the same settings.
 * @throws Error whose message lists everything that is wrong with the manifest, one fault per line
 */
export async function buildAppPackage(settings: AppPackageSettings): Promise<Uint8Array> {
  const manifest = fillPlaceholders(await readText('manifest.json'), settings);
  const faults = [
    ...(await schemaFaults('MicrosoftTeams.schema.json', 'manifest.json', manifest)),
    ...consistencyFaults(JSON.parse(manifest), settings),
  ];
  const entries: Record<string, Uint8Array> = { 'manifest.json': strToU8(manifest) };
  for (const language of languages) {
    const text = await readText(`${language}.json`);
    faults.push(...(await schemaFaults('MicrosoftTeams.Localization.schema.json', `${language}.json`, text)));
    entries[`${language}.json`] = strToU8(text);
  }
  for (const [name, size] of Object.entries(iconSizes)) {
    const icon = await readFile(new URL(`icons/${name}`, folder));
    faults.push(...iconFaults(name, icon, size));
    entries[name] = new Uint8Array(icon);
  }
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return zipSync(entries, { mtime: zipDate, level: 9 });
}

function readText(name: string): Promise<string> {
  return readFile(new URL(name, folder), 'utf8');
}

function fillPlaceholders(template: string, settings: AppPackageSettings): string {
  const values: Record<string, string> = {
    VERSION: settings.version,
    TEAMS_APP_ID: settings.teamsAppId,
    CLIENT_ID: settings.clientId,
    PUBLIC_URL: settings.publicUrl,
    TAB_HOST: new URL(settings.publicUrl).host,
    APP_ID_URI: settings.appIdUri,
    API_SCOPE: settings.apiScope,
    PUBLISHER_NAME: settings.publisherName,
  };
  return template.replace(/\$\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`manifest/manifest.json: the place-holder ${name} is not known`);
    return JSON.stringify(value).slice(1, -1);
  });
}

/** Judges a file by Microsoft's own schema, which the package @microsoft/app-manifest carries. */
async function schemaFaults(schema: string, name: string, text: string): Promise<string[]> {
  const path = createRequire(import.meta.url).resolve(schemas + schema);
  const ajv = new Draft04({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv as never);
  const validate = ajv.compile(JSON.parse(await readFile(path, 'utf8')));
  validate(JSON.parse(text));
  return (validate.errors ?? []).map((error) => `${name}${error.instancePath}: ${error.message}`);
}

/** What the schema cannot see: Teams refuses an app whose addresses disagree with its sign-in. */
function consistencyFaults(manifest: { validDomains: string[] }, settings: AppPackageSettings): string[] {
  const { protocol, host, pathname } = new URL(settings.publicUrl);
  const faults: string[] = [];
  if (!/^\d+\.\d+\.\d+$/.test(settings.version)) faults.push('manifest.json/version: must be like 1.2.3');
  if (protocol !== 'https:' || pathname !== '/') faults.push('PUBLIC_URL: must be an https origin without a path');
  if (!settings.appIdUri.startsWith(`api://${host}/`)) {
    faults.push(`APP_ID_URI: must begin with api://${host}/, the host of PUBLIC_URL`);
  }
  if (settings.appIdUri !== settings.appIdUri.toLowerCase()) {
    faults.push('APP_ID_URI: must be lower case; mixed case fails on Android');
  }
  if (!manifest.validDomains.includes(host)) faults.push(`manifest.json/validDomains: ${host} is missing`);
  return faults;
}

/** A PNG carries its width and height as 32-bit numbers at bytes 16 and 20. */
function iconFaults(name: string, icon: Buffer, size: number): string[] {
  const isPng = icon.subarray(0, 8).toString('latin1') === '\x89PNG\r\n\x1a\n';
  if (isPng && icon.readUInt32BE(16) === size && icon.readUInt32BE(20) === size) return [];
  return [`${name}: must be a PNG of ${size} by ${size} pixels`];
}
