import * as z from 'zod';
import type { ApiDeps } from '../deps.ts';
import type { DeviceSignIn } from '../device/config.ts';
import { notOffered } from '../openeo/not-offered.ts';
import { type Call, defineRoute, type Route } from '../route.ts';
import {
  deviceAuthorization,
  deviceAuthorizationForm,
  devicePageForm,
  openidConfiguration,
  tokenAnswer,
  tokenForm,
} from '../schemas/oidc.ts';

const tag = 'Sign-in';
const errors = 'oauth';
const offered = ({ deviceSignIn }: ApiDeps) => deviceSignIn !== undefined;

/** @throws SwathError Unsupported. */
function signInOf({ deps }: Call): DeviceSignIn {
  if (deps.deviceSignIn !== undefined) return deps.deviceSignIn;
  throw notOffered();
}

// What answers is loaded by the first call: other cold starts need none of it.
const forDevices = () => import('../device/for-devices.ts');
const forPeople = () => import('../device/for-people.ts');

const pageAnswer = (description: string) => ({
  status: 200,
  description,
  schema: z.string(),
  contentType: 'text/html',
});

const parameter = z.string().optional();

export const deviceSignInRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/oidc/.well-known/openid-configuration',
    operationId: 'getOpenidConfiguration',
    tag,
    summary: 'Where clients sign in',
    description: 'OpenID Connect discovery: device codes here, everything else at the issuer.',
    auth: 'public',
    errors,
    offered,
    answer: { status: 200, description: 'The document.', schema: openidConfiguration },
    async handle(_input, call) {
      const { openidConfiguration: documentOf } = await import('../device/documents.ts');
      return { value: documentOf(signInOf(call).config, call.baseUrl) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/oidc/device_authorization',
    operationId: 'authorizeDevice',
    tag,
    summary: 'A code for a device',
    description: 'RFC 8628: one code for the device, one for its person, and the page to type it in.',
    auth: 'public',
    errors,
    offered,
    form: deviceAuthorizationForm,
    answer: { status: 200, description: 'The codes.', schema: deviceAuthorization },
    problems: [413],
    async handle(_input, call) {
      return { value: await (await forDevices()).authorizeDevice(signInOf(call), call) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/oidc/token',
    operationId: 'giveTokens',
    tag,
    summary: 'Tokens for a device code, a refresh token or an authorization code',
    description: 'Device codes are answered as RFC 8628 says; the other grants are passed on to the issuer.',
    auth: 'public',
    errors,
    offered,
    form: tokenForm,
    answer: { status: 200, description: 'Tokens of the issuer.', schema: tokenAnswer },
    problems: [413],
    async handle(_input, call) {
      return { value: await (await forDevices()).giveTokens(signInOf(call), call) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/device',
    operationId: 'showDevicePage',
    tag,
    summary: 'Where a person types the code of a device',
    description: 'A page. With a code it asks whether to sign in and allow the device.',
    auth: 'public',
    offered,
    query: z.object({ user_code: z.string().max(200).optional().describe('As the device shows it.') }),
    answer: pageAnswer('The page.'),
    otherAnswers: {
      '303': { description: 'The same at the host of these pages.', headers: { Location: 'Where.' } },
    },
    problems: [404],
    async handle({ query }, call) {
      return (await forPeople()).showDevicePage(signInOf(call), call, query.user_code);
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/device',
    operationId: 'answerDevicePage',
    tag,
    summary: 'A person allows a device, or refuses',
    description: 'Sent by the page alone: it needs a mark that the page was given for this browser and code.',
    auth: 'public',
    offered,
    form: devicePageForm,
    answer: pageAnswer('It was refused.'),
    otherAnswers: {
      '303': { description: 'On to sign-in, or back to the question.', headers: { Location: 'Where.' } },
    },
    problems: [404, 409, 413, 422],
    async handle(_input, call) {
      return (await forPeople()).answerDevicePage(signInOf(call), call);
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/device/callback',
    operationId: 'endDeviceSignIn',
    tag,
    summary: 'Where the issuer sends a person back to',
    description: 'Takes the code of a sign-in that began here, in this browser, once.',
    auth: 'public',
    offered,
    query: z.object({ state: parameter, code: parameter, error: parameter }),
    answer: pageAnswer('The device may go on, or was refused.'),
    problems: [409],
    async handle({ query }, call) {
      return (await forPeople()).endSignIn(signInOf(call), call, query);
    },
  }),
];
