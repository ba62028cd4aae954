import { execFileSync, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { startLocal } from '@swath/local/runtime/index';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChromiumPage, openChromium } from '../support/chromium.ts';
import { type DeviceSystem, startDeviceSystem } from '../support/device-system.ts';
import { formBrowser } from '../support/form-browser.ts';
import { startProgram, temporaryFolder } from '../support/start.ts';

// js-client is CommonJS with types of its own making: what is used of it is said here.
const { OpenEO } = createRequire(import.meta.url)('@openeo/js-client') as {
  readonly OpenEO: {
    connect(url: string): Promise<{
      listAuthProviders(): Promise<
        readonly {
          readonly issuer: string;
          getType(): string;
          getProviderId(): string;
          getWellKnownDocument(): Promise<Readonly<Record<string, unknown>>>;
        }[]
      >;
    }>;
  };
};

/** The Python client is 360 MB with what it needs: name a Python that has it. */
const python = process.env['SWATH_PYTHON'] ?? 'python3';
const hasPython = ((): boolean => {
  try {
    execFileSync(python, ['-c', 'import openeo'], { stdio: 'pipe' });
    return true;
  } catch {
    console.warn(`skipped: ${python} has no openeo, so device codes are not tried with it (SWATH_PYTHON)`);
    return false;
  }
})();

const chromium = process.env['SWATH_CHROMIUM'] ?? 'chromium';
const hasBrowser = spawnSync(chromium, ['--version']).status === 0;
if (!hasBrowser) console.warn('skipped: no chromium, so nobody signs a device in with a real browser');

/** What a notebook says; the refresh token is kept between runs of one folder. */
const script = `
import sys, openeo
connection = openeo.connect(sys.argv[1])
connection.authenticate_oidc(max_poll_time=60)
print('account', connection.describe_account()['user_id'])
print('jobs', [job['id'] for job in connection.list_jobs()])
`;

let system: DeviceSystem;
const home = temporaryFolder('device');
beforeAll(async () => {
  system = await startDeviceSystem();
});
afterAll(async () => {
  await system?.close();
  home.remove();
});

const notebook = () =>
  startProgram(python, ['-u', '-c', script, system.url], {
    XDG_DATA_HOME: home.path,
    XDG_CONFIG_HOME: home.path,
  });

describe.skipIf(!hasPython)('the openEO Python client in front of Cognito', () => {
  it('signs in by a device code that a person allows, and needs nobody the next time', async () => {
    const first = notebook();
    const [, address = ''] = await first.saw(/Visit (http\S+) to authenticate/);
    expect(address).toMatch(/\/device\?user_code=[A-Z]{4}-[A-Z]{4}$/);
    const browser = formBrowser();
    const page = await browser.open(address);
    expect((await browser.submit(page, { answer: 'allow' })).text).toContain('You are signed in');
    const { code, stdout, stderr } = await first.finished;
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('Traceback')]);
    expect(stdout).toContain('Authenticated using device code flow.');
    expect(stdout).toContain('account oak');
    expect(stdout).toContain('jobs []');
    const again = await notebook().finished;
    expect(again.stdout).toContain('Authenticated using refresh token.');
    expect(again.stdout).toContain('account oak');
    expect(system.hosted.asked.map((form) => form.get('grant_type'))).toEqual([
      'authorization_code',
      'refresh_token',
    ]);
  });

  it('is told when the person refuses', async () => {
    const other = temporaryFolder('device-refused');
    const refused = startProgram(python, ['-u', '-c', script, system.url], { XDG_DATA_HOME: other.path });
    const [, address = ''] = await refused.saw(/Visit (http\S+) to authenticate/);
    const browser = formBrowser();
    await browser.submit(await browser.open(address), { answer: 'refuse' });
    const { code, stderr } = await refused.finished;
    other.remove();
    expect([code, stderr]).toEqual([1, expect.stringContaining('access_denied')]);
  });
});

describe('@openeo/js-client', () => {
  it('finds the provider, and an issuer whose tokens say the same', async () => {
    const [provider] = await (await OpenEO.connect(system.url)).listAuthProviders();
    expect([provider?.getType(), provider?.issuer]).toEqual(['oidc', `${system.url}/oidc`]);
    expect(await provider?.getWellKnownDocument()).toMatchObject({
      issuer: system.hosted.url,
      token_endpoint: `${system.url}/oidc/token`,
    });
  });
});

describe.skipIf(!hasBrowser)('a real browser', () => {
  let page: ChromiumPage;
  beforeAll(async () => {
    page = await openChromium(chromium);
  });
  afterAll(async () => {
    await page?.close();
  });
  const click = (selector: string) => page.read(`document.querySelector('${selector}').click()`);
  const asked = async (url: string, client_id: string) => {
    const body = new URLSearchParams({ client_id });
    const answer = await fetch(`${url}/oidc/device_authorization`, { method: 'POST', body });
    return (await answer.json()) as { readonly user_code: string; readonly verification_uri: string };
  };

  it('lets the form of the page lead to sign-in at another origin, and comes back with its cookie', async () => {
    const { user_code: code, verification_uri: address } = await asked(system.url, system.hosted.client);
    await page.open(address);
    await page.heading('Sign in a device');
    await page.read(`document.querySelector('#user_code').value = '${code.toLowerCase()}'`);
    await click('main button');
    await page.heading('Sign in and allow this device?');
    expect(await page.read("document.querySelector('.device-code').textContent")).toBe(code);
    await click('button[value=allow]');
    await page.heading('You are signed in');
  });

  it('signs in on one machine, where forms of other origins are refused', async () => {
    const [data, catalogue] = [temporaryFolder('device-local'), temporaryFolder('device-catalogue')];
    const local = await startLocal({
      dataFolder: data.path,
      port: 0,
      auth: 'token',
      catalogue: catalogue.path,
    });
    try {
      const { user_code: code } = await asked(local.url, 'swath');
      await page.open(`${local.url}/device?user_code=${code}`);
      await page.heading('Sign in and allow this device?');
      await click('button[value=allow]');
      await page.heading('Sign in to this machine');
      await page.read(`document.querySelector('#token').value = '${local.tokens?.viewer}'`);
      await click('main button');
      await page.heading('You are signed in');
    } finally {
      await local.stop();
      data.remove();
      catalogue.remove();
    }
  });
});
