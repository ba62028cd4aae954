import { spawnSync } from 'node:child_process';
import { chmodSync, globSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { isBuiltin } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { exitCodes } from '@swath/requests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobContract } from '../../batch-jobs/contract.ts';
import {
  acquire,
  all,
  contentKey,
  folder,
  type Program,
  processHere,
  putJson,
  putProcess,
  putPublish,
  report,
  results,
  run,
  scenes,
  servers,
  shas,
  staging,
  start,
  work,
} from '../../batch-jobs/jobs.fixture.ts';
import { buildJobImage } from '../../lib/bundling/job-image.ts';
import { IMAGE_BYTES_MAX } from '../../lib/bundling/limits.ts';
import { repository, runtimePackages } from '../../lib/bundling/options.ts';
import { type Image, parseDockerfile, performDockerfile } from './support/dockerfile.ts';

const LONG_MS = 120_000;
const scratch = mkdtempSync(join(tmpdir(), 'swath-image-'));
const context = join(scratch, 'context');
const dockerfile = readFileSync(join(repository, 'batch-jobs/Dockerfile'), 'utf8');
const architectures = { arm64: { docker: 'arm64', elf: 0xb7 }, x64: { docker: 'amd64', elf: 0x3e } } as const;
type Architecture = keyof typeof architectures;
const own: Architecture = process.arch === 'arm64' ? 'arm64' : 'x64';

/** The whole Dockerfile. */
function perform(architecture: Architecture): Image {
  return performDockerfile(dockerfile, {
    context,
    scratch,
    args: { TARGETARCH: architectures[architecture].docker },
    // npm's own settings, cache and proxies; the packages are the same whatever they are.
    host: {
      ...process.env,
      PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
      npm_config_prefer_offline: 'true',
    },
  });
}

function filesOf(root: string): readonly { readonly path: string; readonly sizeBytes: number }[] {
  return globSync('**/*', { cwd: root }).flatMap((path) => {
    const stat = lstatSync(join(root, path));
    return stat.isFile() ? [{ path, sizeBytes: stat.size }] : [];
  });
}

/** Registry and cache are both out of reach: what would be installed cannot be looked at. */
const offline = /were not installed|ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|network/;

let image: Image | undefined;
let made: ReturnType<typeof buildJobImage>;
beforeAll(() => {
  // A container's user reads it: mkdtemp made it for this user alone.
  chmodSync(scratch, 0o755);
  made = buildJobImage(context);
  try {
    image = perform(own);
  } catch (error) {
    if (!offline.test(String(error))) throw error;
    console.warn('skipped: the packages of the image are neither cached nor to be downloaded');
  }
}, LONG_MS);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('the folder of the image', () => {
  it('is made of the same bytes each time, and of nothing but bundles and what installs', () => {
    const again = buildJobImage(join(scratch, 'again'));
    const bytes = (root: string) =>
      filesOf(root).map(({ path }) => [path, readFileSync(join(root, path), 'utf8')]);
    expect(bytes(again.folder)).toEqual(bytes(made.folder));
    const others = [...made.files.keys()].filter((name) => !name.endsWith('.mjs'));
    expect(others.sort()).toEqual(['Dockerfile', 'package-lock.json', 'package.json']);
    expect([...made.files.keys()]).toEqual(
      expect.arrayContaining(['acquire.mjs', 'process.mjs', 'publish.mjs', 'start-worker.mjs']),
    );
  });

  it('locks what it installs to the versions and checksums of the repository', () => {
    const read = (path: string) =>
      (JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, { integrity?: string }> })
        .packages;
    const ours = read(join(repository, 'package-lock.json'));
    const { '': _, ...theirs } = read(join(context, 'package-lock.json'));
    expect(Object.keys(theirs)).toContain('node_modules/@img/sharp-libvips-linux-arm64');
    for (const [path, { integrity }] of Object.entries(theirs)) {
      expect(integrity, path).toMatch(/^sha512-/);
      expect(integrity, path).toBe(ours[path]?.integrity);
    }
  });

  it('needs nothing at run time that is neither in it nor installed', () => {
    const installed = Object.keys(
      (JSON.parse(readFileSync(join(context, 'package.json'), 'utf8')) as { dependencies: object })
        .dependencies,
    );
    expect(installed).toEqual([...runtimePackages]);
    const foreign = [...made.externals].filter((from) => !isBuiltin(from) && !installed.includes(from));
    expect(foreign).toEqual([]);
  });
});

describe('the Dockerfile', () => {
  it('builds in stages, runs as no root, and gives node the signals', () => {
    const instructions = parseDockerfile(dockerfile);
    const last = instructions.slice(instructions.findLastIndex(({ word }) => word === 'FROM'));
    expect(last.map(({ word }) => word)).not.toContain('RUN');
    expect(last.map(({ word }) => word)).toEqual(expect.arrayContaining(['USER', 'ENTRYPOINT', 'CMD']));
    if (image === undefined) return;
    expect(image.bases.every((base) => /^node:24-\w+-slim$/.test(base))).toBe(true);
    expect(image.user).toBe(`${jobContract.user.uid}:${jobContract.user.gid}`);
    expect(image.entrypoint).toEqual([]);
    expect(image.environment).toMatchObject(jobContract.imageEnvironment);
  });

  it('refuses a processor there are no packages for', () => {
    const [run] = parseDockerfile(dockerfile).filter(({ word }) => word === 'RUN');
    const { status, stderr } = spawnSync('/bin/sh', ['-c', run?.rest ?? ''], {
      env: { PATH: process.env['PATH'] ?? '', TARGETARCH: 'riscv64' },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('riscv64');
  });

  it.each(['x64', 'arm64'] as const)(
    'installs the binaries of %s and no others',
    (architecture) => {
      let root: string;
      try {
        root = (architecture === own && image !== undefined ? image : perform(architecture)).workingFolder;
      } catch (error) {
        if (!offline.test(String(error))) throw error;
        console.warn(`skipped: the packages of ${architecture} are neither cached nor to be downloaded`);
        return;
      }
      const files = filesOf(root);
      const binaries = files.filter(({ path }) => /\.node$|\.so(\.|$)/.test(path));
      expect(binaries.length).toBeGreaterThanOrEqual(2);
      for (const { path } of binaries) {
        // e_machine of the ELF header.
        expect(readFileSync(join(root, path)).readUInt16LE(18), path).toBe(architectures[architecture].elf);
      }
      const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      console.info(`image content, ${architecture}: ${files.length} files, ${(bytes / 1e6).toFixed(1)} MB`);
      expect(bytes).toBeLessThan(IMAGE_BYTES_MAX);
    },
    LONG_MS,
  );
});

describe('an entry of the image', { timeout: LONG_MS }, () => {
  /** As the job definition starts it, in the image's folder, as the image's user where this process may say so. */
  function program({ workingFolder }: Image): Program {
    const may = process.getuid?.() === 0 && canBeUser(jobContract.user.uid);
    if (may) makeOpen();
    return {
      cwd: workingFolder,
      args: (name) =>
        jobContract.command(jobContract.names.find((one) => one === name) ?? 'acquire').slice(1),
      ...(may ? { uid: jobContract.user.uid } : {}),
    };
  }

  it('does its step in the image alone: three jobs leave what the sources leave', async (context) => {
    if (image === undefined) return context.skip();
    const there = program(image);
    const step = async (name: string, manifest: string, env: Record<string, string> = {}) => {
      makeOpen();
      const { code, output } = await run(
        name,
        manifest,
        { ...image?.environment, SWATH_STORAGE: storage(), ...env },
        there,
      );
      expect(code, output).toBe(0);
      makeOpen();
    };
    await step('acquire', await putJson('m.json', acquire()));
    expect(await report('acquire')).toMatchObject({ ok: true, value: { failed: [] } });
    const manifest = await putProcess();
    for (const child of all)
      await step('process', manifest, { AWS_BATCH_JOB_ARRAY_INDEX: `${child}`, SWATH_LANES: '2' });
    const fromImage = await Promise.all(all.map((chunk) => report(`chunk-${chunk}`)));
    await step('publish', await putPublish(all), { SWATH_LANES: '2' });
    const published = await shas(results);
    expect(Object.keys(published).some((key) => key.endsWith('thumbnail.png'))).toBe(true);

    for (const key of Object.keys(published)) await results.delete(key);
    for (const chunk of all) await work.delete(`${staging}chunk-${chunk}.json`);
    await processHere(all);
    const fromSources = await Promise.all(all.map((chunk) => report(`chunk-${chunk}`)));
    const sums = (reports: typeof fromSources) =>
      reports.map(({ value }) => (value as { sha256: string }).sha256);
    expect(sums(fromImage)).toEqual(sums(fromSources));
    expect((await run('publish', await putPublish(all))).code).toBe(0);
    const pixels = (found: Record<string, string>) =>
      Object.entries(found).filter(([key]) => !key.endsWith('item.json'));
    expect(pixels(await shas(results))).toEqual(pixels(published));
    expect(Object.keys(published)[0]).toContain(contentKey);
  });

  it('says by its exit code whose fault it was', async (context) => {
    if (image === undefined) return context.skip();
    const { code, output } = await run('process', 'none.json', { SWATH_STORAGE: storage() }, program(image));
    expect(code, output).toBe(exitCodes.input);
    const aws = await run('process', 'none.json', { ...image.environment }, program(image));
    expect(aws.code).toBe(exitCodes.input);
    expect(aws.output).toContain('SWATH_WORK_BUCKET');
  });

  it('ends with 143 at SIGTERM', async (context) => {
    if (image === undefined) return context.skip();
    const { promise: asked, resolve: tell } = Promise.withResolvers<void>();
    const server = createServer(() => tell());
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const remote = scenes.map((scene) => ({
      ...scene,
      assets: scene.assets.map((asset) => ({ ...asset, href: `http://${host}/${asset.key}.tif` })),
    }));
    const manifest = await putJson('m.json', acquire({ scenes: remote }));
    const there = program(image);
    const { child, ended } = start(
      'acquire',
      manifest,
      { SWATH_STORAGE: storage(), SWATH_READ_HOSTS: host },
      there,
    );
    await Promise.race([asked, ended]);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(143);
  });
});

const storage = () => `local:${join(folder, 'data')}`;

/** The test's folders, open to the image's user. */
function makeOpen(): void {
  mkdirSync(join(folder, 'scratch'), { recursive: true });
  for (const path of ['.', ...globSync('**/*', { cwd: folder })]) chmodSync(join(folder, path), 0o777);
}

function canBeUser(uid: number): boolean {
  const able = spawnSync(process.execPath, ['--version'], { uid }).status === 0;
  if (!able) console.warn(`not as user ${uid}: it cannot run ${relative('/', process.execPath)}`);
  return able;
}
