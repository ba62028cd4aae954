import * as z from 'zod';
import { stacLink } from './stac.ts';

/** Schemas of openEO 1.2's documents, as far as they are ours; `/processes` and graphs are openEO's own. */

const links = z.array(stacLink);
const instant = z.string().describe('RFC 3339.');

export const openeoVersions = z
  .object({
    versions: z.array(z.object({ url: z.string(), api_version: z.string(), production: z.boolean() })),
  })
  .meta({ id: 'OpeneoVersions' });

const process = z.looseObject({ id: z.string() });
export const processList = z.object({ processes: z.array(process), links }).meta({ id: 'ProcessList' });
export const userProcess = process.meta({ id: 'UserProcess' });

const formats = z.record(z.string(), z.looseObject({ gis_data_types: z.array(z.string()) }));
export const fileFormats = z.object({ input: formats, output: formats }).meta({ id: 'FileFormats' });

export const processBody = z
  .looseObject({ process_graph: z.looseObject({}).describe('Nodes by id.') })
  .meta({ id: 'ProcessGraphWithMetadata' });

export const jobBody = z
  .looseObject({
    process: processBody.optional(),
    title: z.string().nullish(),
    description: z.string().nullish(),
  })
  .meta({ id: 'JobBody' });

const status = z.enum(['created', 'queued', 'running', 'canceled', 'finished', 'error']);
const jobFields = {
  id: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  status: z.string().describe(status.options.join(', ')),
  progress: z.number().optional().describe('Percent.'),
  created: instant,
  updated: instant,
  'swath:request': z.string().optional().describe('The request it became.'),
};
export const jobList = z.object({ jobs: z.array(z.object(jobFields)), links }).meta({ id: 'JobList' });
export const jobAnswer = z.object({ ...jobFields, process: z.looseObject({}), links }).meta({ id: 'Job' });

export const estimate = z
  .object({ size: z.int().describe('Bytes of the files, about.'), 'swath:inputBytes': z.int() })
  .meta({ id: 'JobEstimate' });

export const logLevel = z.enum(['error', 'warning', 'info', 'debug']);
export const logList = z
  .object({
    level: logLevel,
    logs: z.array(z.object({ id: z.string(), level: logLevel, message: z.string(), time: instant })),
    links,
  })
  .meta({ id: 'LogList' });

export const jobResults = z.looseObject({ assets: z.looseObject({}), links }).meta({ id: 'JobResults' });

export const validation = z
  .object({ errors: z.array(z.looseObject({ code: z.string(), message: z.string() })) })
  .meta({ id: 'GraphValidation' });

export const account = z.object({ user_id: z.string(), name: z.string(), links }).meta({ id: 'Account' });
export const basicToken = z.object({ access_token: z.string() }).meta({ id: 'BasicToken' });
export const oidcProviders = z
  .object({
    providers: z.array(z.looseObject({ id: z.string(), issuer: z.string(), title: z.string() })),
  })
  .meta({ id: 'OidcProviders' });
export const openMap = z.looseObject({});
