import { makeApp, openeoService } from '@swath/api';
import { bearerIdentity, tokenVerifier } from '@swath/api/auth/index';
import { type HttpServer, listen } from '@swath/local/runtime/server';
import type { Clock } from '@swath/ports';
import { systemClock } from '@swath/ports/memory/index';
import { testWorld } from '@swath/requests/testing/index';
import { tokenEndpoint } from '../../lambdas/support/token-endpoint.ts';
import { configOf } from '../../lib/config.ts';
import { deviceSignInOf, oidcProvidersOf } from '../../lib/issuers.ts';
import { fakeApi, type LogLine } from './fake-api.ts';
import { type HostedSignIn, startHostedSignIn } from './hosted-sign-in.ts';

export interface DeviceSystem {
  readonly url: string;
  readonly hosted: HostedSignIn;
  readonly logged: readonly LogLine[];
  close(): Promise<void>;
}

/** The API over maps, told of sign-in what the stacks would tell it, in front of a server that plays Cognito. */
export async function startDeviceSystem(clock: Clock = systemClock()): Promise<DeviceSystem> {
  let answer: (request: Request) => Response | Promise<Response> = () => new Response(null, { status: 503 });
  const server: HttpServer = await listen((request) => answer(request), 0);
  const pages = ['http://localhost:1410/callback'];
  const hosted = await startHostedSignIn([...pages, `${server.url}/device/callback`]);
  const own = {
    issuer: hosted.url,
    signInUrl: hosted.url,
    client: hosted.client,
    pages,
    pagesUrl: server.url,
  };
  const config = deviceSignInOf(own);
  if (config === undefined) throw new Error('pages have an address here');
  const { auth } = configOf('dev', {});
  const { deps } = testWorld();
  const verify = tokenVerifier({
    issuers: [hosted.issuer],
    clock: systemClock(),
    readJson: async () => hosted.keys,
  });
  const api = fakeApi({
    clock,
    openeo: openeoService(deps, { signIn: { kind: 'oidc', providers: oidcProvidersOf(auth, own) } }),
    deviceSignIn: {
      config,
      table: deps.table,
      clock,
      askTokens: tokenEndpoint(config.tokenEndpoint, { allowHttp: true }),
    },
    identify: bearerIdentity(verify),
    origins: '*',
  });
  const app = makeApp(api.deps);
  answer = (request) => app.fetch(request);
  return {
    url: server.url,
    hosted,
    logged: api.logged,
    async close() {
      await server.close();
      await hosted.close();
    },
  };
}
