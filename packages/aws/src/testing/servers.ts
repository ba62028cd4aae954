import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';

/** Python takes 2 s to import moto; 15 s on a busy machine. */
const startLimitMs = 15_000;

/** A server others wrote, started for one test file. */
export interface EmulatorServer {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Options of any client of the SDK against a server on this machine. */
export function clientConfig(server: EmulatorServer) {
  return {
    endpoint: server.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
}

/** `moto_server`, from SWATH_MOTO or the PATH; undefined, said loudly, where it is not installed. */
export function findMoto(): string | undefined {
  const binary = process.env['SWATH_MOTO'] ?? 'moto_server';
  if (spawnSync(binary, ['--help'], { stdio: 'ignore' }).status === 0) return binary;
  console.warn("skipped: no moto_server (pip install 'moto[server]', or set SWATH_MOTO)");
  return undefined;
}

/** `dynoxide`, from SWATH_DYNOXIDE or the npm package; undefined, said loudly, where it is not installed. */
export function findDynoxide(): string | undefined {
  const root = resolve(import.meta.dirname, '../../../..');
  const binary = process.env['SWATH_DYNOXIDE'] ?? `${root}/node_modules/@dynoxide/linux-x64/dynoxide`;
  if (existsSync(binary)) return binary;
  console.warn('skipped: no dynoxide (npm i --no-save @dynoxide/linux-x64@1.2.1, or set SWATH_DYNOXIDE)');
  return undefined;
}

export function startMoto(binary: string): Promise<EmulatorServer> {
  return start(binary, ['-H', '127.0.0.1', '-p', '0']);
}

/** Dynoxide takes port 0 and does not say what it got (1.2.1): a port that was free a moment ago is named. */
export async function startDynoxide(binary: string): Promise<EmulatorServer> {
  return start(binary, ['serve', '--host', '127.0.0.1', '-p', String(await freePort())]);
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  listener.close();
  await once(listener, 'close');
  if (address === null || typeof address === 'string') throw new Error('the listener has no port');
  return address.port;
}

async function start(binary: string, args: readonly string[]): Promise<EmulatorServer> {
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  // A server that never says where it listens is ended, not left behind.
  const giveUp = setTimeout(() => child.kill('SIGKILL'), startLimitMs);
  try {
    return { endpoint: await announcedEndpoint(child, exited), stop };
  } finally {
    clearTimeout(giveUp);
  }
}

/** Both servers print the address they listen on; what they print later is dropped. */
function announcedEndpoint(child: ChildProcess, exited: Promise<unknown>): Promise<string> {
  return new Promise((resolveEndpoint, reject) => {
    let printed = '';
    const read = (chunk: Buffer) => {
      if (printed.length < 10_000) printed += chunk.toString();
      const address = /https?:\/\/127\.0\.0\.1:[1-9]\d*/.exec(printed);
      if (address !== null) resolveEndpoint(address[0]);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('error', reject);
    exited.then(() => reject(new Error(`the server ended at once: ${printed}`)), reject);
  });
}
