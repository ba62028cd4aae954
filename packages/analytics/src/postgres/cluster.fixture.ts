import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = '/usr/lib/postgresql';

/** Folder of a PostgreSQL server with PostGIS on this machine. */
const programs = (() => {
  for (const version of existsSync(root) ? readdirSync(root).sort().reverse() : []) {
    const bin = join(root, version, 'bin');
    const postgis = `/usr/share/postgresql/${version}/extension/postgis.control`;
    if (existsSync(join(bin, 'initdb')) && existsSync(postgis)) return bin;
  }
  return undefined;
})();

/** For `describe.skipIf(!postgresOrWarn())`. */
export function postgresOrWarn(): boolean {
  const trouble = programs === undefined ? 'no PostgreSQL with PostGIS on this machine' : whyNot();
  if (trouble !== undefined) console.warn(`skipped: ${trouble}, so exports are not checked`);
  return trouble === undefined;
}

/** initdb writes to /dev/null, which not every container lets its users do. */
function whyNot(): string | undefined {
  try {
    execFileSync('sh', ['-c', 'echo > /dev/null'], { ...user(), cwd: '/', stdio: 'pipe' });
    return undefined;
  } catch {
    return 'the user that would run PostgreSQL is not there or may not write to /dev/null';
  }
}

export interface Cluster {
  readonly url: string;
  stop(): void;
}

/** PostgreSQL refuses to run as root: another user does then. */
function user(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A server of one's own in a folder of its own, on 127.0.0.1 only. */
export async function startCluster(): Promise<Cluster> {
  const bin = programs ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'swath-postgres-'));
  const as = user();
  if (as.uid !== undefined && as.gid !== undefined) chownSync(folder, as.uid, as.gid);
  const data = join(folder, 'data');
  const run = (program: string, ...args: string[]) =>
    execFileSync(join(bin, program), args, {
      ...as,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    });
  try {
    run('initdb', '-D', data, '-U', 'swath', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C');
    const port = await freePort();
    const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off`;
    run('pg_ctl', '-D', data, '-w', '-t', '60', '-l', join(folder, 'log'), '-o', settings, 'start');
    return {
      url: `postgres://swath@127.0.0.1:${port}/postgres`,
      stop() {
        run('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
