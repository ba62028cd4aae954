import { JSON_TYPE } from '@swath/catalog';
import { SwathError } from '@swath/core';
import type { JsonProcess } from '@swath/graph';
import * as z from 'zod';
import { OPENEO_VERSION } from '../openeo/capabilities.ts';
import { OPENEO_PAGE } from '../openeo/limits.ts';
import { withOwnStac } from '../openeo/own-stac.ts';
import { openeoOf } from '../openeo/service.ts';
import { defineRoute, type Route } from '../route.ts';
import {
  account,
  basicToken,
  fileFormats,
  oidcProviders,
  openeoVersions,
  openMap,
  processBody,
  processList,
  validation,
} from '../schemas/openeo.ts';

const tag = 'openEO';
const openeo = 'own';

/** Lists of processes and jobs: openEO's `limit`, which may be anything positive, and where to go on. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).optional().describe(`At most ${OPENEO_PAGE} come.`),
  cursor: z.string().min(1).max(1024).optional().describe('From a `next` link.'),
});

/** Definitions from a position on. @throws SwathError InvalidInput. */
function pageOfProcesses(
  processes: readonly JsonProcess[],
  baseUrl: string,
  { limit, cursor }: z.output<typeof pageQuery>,
) {
  const from = cursor === undefined ? 0 : Number(cursor);
  if (!Number.isInteger(from) || from < 0)
    throw new SwathError('InvalidInput', 'The cursor is not one of this listing.', {
      fix: 'Start again without a cursor.',
    });
  const end = limit === undefined ? processes.length : from + limit;
  const href = `${baseUrl}/processes?limit=${limit}&cursor=${end}`;
  return {
    processes: processes.slice(from, end).map((process) => ({ ...process })),
    links: end < processes.length ? [{ rel: 'next', href, type: JSON_TYPE }] : [],
  };
}

export const openeoCapabilityRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/.well-known/openeo',
    operationId: 'getOpeneoVersions',
    tag,
    summary: 'Versions of the openEO API',
    description: 'Where clients find the version they speak: here is one.',
    auth: 'public',
    openeo: 'hidden',
    answer: { status: 200, description: 'The versions.', schema: openeoVersions },
    async handle(_input, { baseUrl }) {
      return {
        value: { versions: [{ url: `${baseUrl}/`, api_version: OPENEO_VERSION, production: false }] },
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/processes',
    operationId: 'listProcesses',
    tag,
    summary: 'Predefined processes',
    description:
      'Every one of them runs in `POST /result`; docs/openeo.md says which a batch job can be made of.',
    auth: 'public',
    openeo,
    query: pageQuery,
    answer: { status: 200, description: 'Definitions by id.', schema: processList },
    async handle({ query }, { baseUrl }) {
      // Definitions are not what a cold start of other handlers should read.
      const { processDefinitions } = await import('@swath/graph/registry/registry');
      return { value: pageOfProcesses(processDefinitions(), baseUrl, query) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/file_formats',
    operationId: 'listFileFormats',
    tag,
    summary: 'File formats of results',
    description: 'For save_result, in any case.',
    auth: 'public',
    openeo,
    answer: { status: 200, description: 'The formats.', schema: fileFormats },
    async handle(_input, call) {
      // Words for people: nothing that a cold start should read.
      const { fileFormats: formatsOf } = await import('../openeo/formats.ts');
      return { value: fileFormats.parse(formatsOf({ computes: openeoOf(call).compute !== undefined })) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/udf_runtimes',
    operationId: 'listUdfRuntimes',
    tag,
    summary: 'Runtimes for code of users',
    description: 'None: only processes run here.',
    auth: 'public',
    openeo,
    answer: { status: 200, description: 'An empty object.', schema: openMap },
    async handle() {
      return { value: {} };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/service_types',
    operationId: 'listServiceTypes',
    tag,
    summary: 'Secondary web services',
    description: 'None to create: every result has its map tiles (XYZ, WMTS) already; see its Item.',
    auth: 'public',
    openeo,
    answer: { status: 200, description: 'An empty object.', schema: openMap },
    async handle() {
      return { value: {} };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/credentials/basic',
    operationId: 'signInBasic',
    tag,
    summary: 'Sign in by name and password',
    description: 'On your own machine only, where any name will do: there is one user.',
    auth: 'public',
    openeo,
    offered: ({ openeo: service }) => service?.signIn.kind === 'open',
    headers: { Authorization: 'Basic, with a name and a password.' },
    answer: { status: 200, description: 'A token for the header Authorization.', schema: basicToken },
    problems: [422],
    async handle(_input, call) {
      const { signIn } = openeoOf(call);
      return { value: { access_token: signIn.kind === 'open' ? signIn.token : '' } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/credentials/oidc',
    operationId: 'listOidcProviders',
    tag,
    summary: 'Sign in by OpenID Connect',
    description: 'The providers whose access tokens are taken.',
    auth: 'public',
    openeo,
    offered: ({ openeo: service }) => service?.signIn.kind === 'oidc' && service.signIn.providers.length > 0,
    answer: { status: 200, description: 'The providers.', schema: oidcProviders },
    problems: [422],
    async handle(_input, call) {
      const { signIn } = openeoOf(call);
      const providers = signIn.kind === 'oidc' ? signIn.providers : [];
      const { deviceSignIn } = call.deps;
      if (deviceSignIn === undefined) return { value: { providers: [...providers] } };
      const { providersWithDevices } = await import('../device/documents.ts');
      return { value: { providers: providersWithDevices(providers, deviceSignIn.config, call.baseUrl) } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/me',
    operationId: 'getAccount',
    tag,
    summary: 'Who is signed in',
    description: 'The project that a token stands for.',
    auth: 'viewer',
    openeo,
    answer: { status: 200, description: 'The account.', schema: account },
    async handle(_input, { identity, baseUrl }) {
      const { project } = identity;
      return {
        value: {
          user_id: project,
          name: project,
          links: [{ rel: 'related', href: `${baseUrl}/requests`, type: JSON_TYPE, title: 'Requests' }],
        },
      };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/validation',
    operationId: 'validateProcess',
    tag,
    summary: 'Check a process graph',
    description: 'Everything that is wrong with it, at once, before anything is computed.',
    auth: 'viewer',
    openeo,
    document: processBody,
    answer: { status: 200, description: 'Errors; none when it is valid.', schema: validation },
    problems: [413, 415, 422],
    async handle({ document }, call) {
      const problems = await openeoOf(call).problems(
        call.identity.project,
        withOwnStac(document, call.baseUrl),
      );
      const { requestId } = call;
      return {
        value: {
          errors: problems.map(({ code, message, fix, node, pointer }, i) => ({
            id: `${requestId}-${i}`,
            code,
            message: fix === undefined ? message : `${message} ${fix}`,
            ...(node === undefined ? {} : { node }),
            pointer,
            links: [],
          })),
        },
      };
    },
  }),
];
