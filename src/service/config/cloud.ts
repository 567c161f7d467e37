import { z } from 'zod';
import { type Cloud, cloudNames, clouds, isOfMicrosoft } from '../cloud.ts';
import { httpsOrigin, type Variables } from './variables.ts';

/** One of Microsoft's clouds, or what is given in its place. */
export function readCloud(read: Variables): Cloud | undefined {
  const name = read.optional('CLOUD', z.enum(cloudNames), `one of ${cloudNames.join(', ')}`) ?? 'public';
  const base = clouds[name];
  const wanted = 'an https origin such as https://login.microsoftonline.com';
  const authorityHost = read.optional('AUTHORITY_HOST', httpsOrigin, wanted);
  const graphEndpoint = read.optional('GRAPH_ENDPOINT', httpsOrigin, wanted);
  const exchangeEndpoint = read.optional('EXCHANGE_ENDPOINT', httpsOrigin, wanted);
  const exchangeResource = read.optional(
    'EXCHANGE_RESOURCE',
    httpsOrigin,
    'the https identifier of Office 365 Exchange Online, such as https://outlook.office365.com',
  );
  const teamsOrigins = read.list('TEAMS_ORIGINS', httpsOrigin, 'https origins separated by commas');
  const label = read.optional('CLOUD_LABEL', z.string().max(40), 'at most 40 characters');
  const cloud: Cloud = {
    authorityHost: authorityHost ?? base.authorityHost,
    graphEndpoint: graphEndpoint ?? base.graphEndpoint,
    exchangeEndpoint: exchangeEndpoint ?? base.exchangeEndpoint,
    exchangeResource: exchangeResource ?? base.exchangeResource,
    exchangeEnvironment: base.exchangeEnvironment,
    teamsOrigins: teamsOrigins?.length ? teamsOrigins : base.teamsOrigins,
  };
  if (isOfMicrosoft(cloud)) return cloud;
  return { ...cloud, label: label ?? new URL(cloud.authorityHost).host };
}
