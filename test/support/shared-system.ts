import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type Started, startScript, temporaryFolder } from './start.ts';

/** One running system for all test files that only read from it, and its sample catalogue for those that start their own. */
export interface SharedSystem {
  readonly url: string;
  /** Folder of its data, whose tables are there to be read. */
  readonly data: string;
  /** Folder of the sample catalogue: made once, 10 s of computing. */
  readonly sample: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Address that starts the shared system when it is first asked, and says where it is. */
    readonly sharedSystem: string;
  }
}

let desk: Server;
let folder: ReturnType<typeof temporaryFolder> | undefined;
let system: Started | undefined;
let ready: Promise<SharedSystem> | undefined;

async function start(): Promise<SharedSystem> {
  folder = temporaryFolder('shared-system');
  system = startScript('packages/cli/src/start.ts', [], { SWATH_DATA: folder.path, SWATH_PORT: '0' });
  const url = (await system.saw(/stays up at (http:\S+)/))[1] ?? '';
  return { url, data: folder.path, sample: join(folder.path, 'sample') };
}

/** Of vitest, once for a run. Nothing is started before a test asks. */
export async function setup({ provide }: TestProject): Promise<void> {
  desk = createServer((_request, response) => {
    ready ??= start();
    ready.then(
      (found) => response.end(JSON.stringify(found)),
      (error: unknown) => {
        response.statusCode = 500;
        response.end(String(error));
      },
    );
  });
  await new Promise<void>((up) => desk.listen(0, '127.0.0.1', up));
  provide('sharedSystem', `http://127.0.0.1:${(desk.address() as AddressInfo).port}`);
}

export async function teardown(): Promise<void> {
  desk.closeAllConnections();
  await new Promise((down) => desk.close(down));
  system?.process.kill('SIGINT');
  await system?.finished;
  folder?.remove();
}
