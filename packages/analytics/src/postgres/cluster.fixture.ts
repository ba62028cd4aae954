import { type ExecFileSyncOptionsWithStringEncoding, execFileSync, spawnSync } from 'node:child_process';
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

/** Arguments and options that run a program as whoever PostgreSQL is to run as. */
type Runner = (program: string, args: readonly string[], cwd: string) => string;

/** For `describe.skipIf(!postgresOrWarn())`. */
export function postgresOrWarn(): boolean {
  const found = programs === undefined ? 'there is no PostgreSQL with PostGIS on this machine' : runner();
  if (typeof found !== 'string') return true;
  console.warn(`skipped: ${found}, so exports are not checked`);
  return false;
}

const options = (cwd: string): ExecFileSyncOptionsWithStringEncoding => ({
  cwd,
  stdio: ['ignore', 'pipe', 'pipe'],
  encoding: 'utf8',
});

/** PostgreSQL refuses to run as root: its own user does then. Why it cannot be run, where it cannot. */
function runner(): Runner | string {
  if (process.getuid?.() !== 0) return (program, args, cwd) => execFileSync(program, args, options(cwd));
  const as = user();
  if (as === undefined) return 'this is root, and there is no user postgres';
  const plain: Runner = (program, args, cwd) => execFileSync(program, args, { ...as, ...options(cwd) });
  if (canWriteNull(plain)) return plain;
  const own: Runner = (program, args, cwd) =>
    execFileSync(
      'unshare',
      ['--mount', 'sh', '-c', ownNull, 'sh', `${as.uid}`, `${as.gid}`, program, ...args],
      options(cwd),
    );
  if (canWriteNull(own)) return own;
  return 'the user postgres may not write to /dev/null, and cannot be given one of its own';
}

/**
 * initdb writes to /dev/null, which not every container lets its users do. In a mount namespace that no other process
 * sees, an empty file of the user stands in for it; the file has no name any more once the program runs.
 */
const ownNull = `set -e
uid=$1; gid=$2; shift 2
stand_in=$(mktemp)
chown "$uid:$gid" "$stand_in"
mount --bind "$stand_in" /dev/null
rm -f "$stand_in"
exec setpriv --reuid="$uid" --regid="$gid" --clear-groups -- "$@"`;

function canWriteNull(run: Runner): boolean {
  try {
    run('/bin/sh', ['-c', 'echo > /dev/null'], '/');
    return true;
  } catch {
    return false;
  }
}

function user(): { readonly uid: number; readonly gid: number } | undefined {
  const { status, stdout } = spawnSync('getent', ['passwd', 'postgres'], { encoding: 'utf8' });
  const [, , uid, gid] = stdout?.split(':') ?? [];
  return status === 0 && uid !== undefined ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

export interface Cluster {
  readonly url: string;
  stop(): void;
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
  const runAs = runner();
  if (typeof runAs === 'string') throw new Error(runAs);
  const folder = mkdtempSync(join(tmpdir(), 'swath-postgres-'));
  const as = process.getuid?.() === 0 ? user() : undefined;
  if (as !== undefined) chownSync(folder, as.uid, as.gid);
  const data = join(folder, 'data');
  const run = (program: string, ...args: string[]) => runAs(join(bin, program), args, folder);
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
