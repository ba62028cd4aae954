import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SWATH_VERSION } from '@swath/core';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { mainModule } from '../bin/main-module.mjs';

const root = resolve(import.meta.dirname, '../../..');

describe('the bundle', () => {
  it('is made, and answers like the sources', () => {
    execFileSync(process.execPath, [join(root, 'packages/cli/bin/bundle.mjs')], { stdio: 'pipe' });
    const main = mainModule(root);
    expect(main).toMatch(/built.[\d-]+.main\.js$/);
    expect(execFileSync(process.execPath, [main, '--version'], { encoding: 'utf8' }).trim()).toBe(
      SWATH_VERSION,
    );
  });

  it('reads areas in every format: one without a server to store it fails for want of the server alone', () => {
    execFileSync(process.execPath, [join(root, 'packages/cli/bin/bundle.mjs')], { stdio: 'pipe' });
    const folder = mkdtempSync(join(tmpdir(), 'swath-bundle-area-'));
    const file = join(folder, 'area.kml');
    writeFileSync(
      file,
      '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>10.4,48.79 10.41,48.79 10.41,48.8 10.4,48.79</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></kml>',
    );
    const nowhere = 'http://127.0.0.1:1';
    const put = spawnSync(
      process.execPath,
      [mainModule(root), 'aois', 'put', 'a', file, '--url', nowhere, '--json'],
      { encoding: 'utf8' },
    );
    rmSync(folder, { recursive: true });
    expect(put.stdout).toContain(`"code":"Unavailable"`);
    expect(put.stdout).not.toContain('Corrupt');
  });

  it('has its worker threads beside it, and starts none from the sources', () => {
    execFileSync(process.execPath, [join(root, 'packages/cli/bin/bundle.mjs')], { stdio: 'pipe' });
    const folder = dirname(mainModule(root));
    const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    for (const thread of ['start-worker', 'start-evaluator']) {
      expect(existsSync(join(folder, `${thread}.js`)), thread).toBe(true);
      expect(
        texts.some((text) => text.includes(`"./${thread}.js"`)),
        thread,
      ).toBe(true);
      expect(
        texts.some((text) => text.includes(`./${thread}.ts`)),
        thread,
      ).toBe(false);
    }
  });
});

describe('what a command has compiled', () => {
  const folder = mkdtempSync(join(tmpdir(), 'swath-kept-code-'));
  const script = join(folder, 'script.cjs');
  const starter = join(folder, 'starter.mjs');
  const kept = `${script}.any.code`;
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    rmSync(kept, { force: true });
    const runner = pathToFileURL(join(root, 'packages/cli/bin/run-bundled.mjs')).href;
    writeFileSync(starter, `import { runBundled } from '${runner}'; runBundled(${JSON.stringify(script)});`);
    writeFileSync(
      script,
      `const say = (word) => console.log(word, here.startsWith('file:')); say(process.argv[2]); process.exitCode = Number(process.argv[3]);`,
    );
  });

  const run = (word: string, exitCode: number) =>
    spawnSync(process.execPath, [starter, word, `${exitCode}`], { encoding: 'utf8' }).stdout;

  it('is kept for the next one when it ended well', () => {
    expect(run('Hello', 1)).toBe('Hello true\n');
    expect(existsSync(kept)).toBe(false);
    expect(run('Hello', 0)).toBe('Hello true\n');
    const { mtimeMs } = statSync(kept);
    expect(run('Again', 0)).toBe('Again true\n');
    expect(statSync(kept).mtimeMs).toBe(mtimeMs);
    expect(readdirSync(folder).toSorted()).toEqual(['script.cjs', 'script.cjs.any.code', 'starter.mjs']);
  });

  it('is made anew when the file is broken', () => {
    run('Hello', 0);
    const whole = readFileSync(kept);
    for (const broken of [
      whole.subarray(0, whole.length / 2),
      Buffer.alloc(2),
      Buffer.from(whole).fill(0, 64, 128),
    ]) {
      writeFileSync(kept, broken);
      expect(run('Hello', 0)).toBe('Hello true\n');
      expect(readFileSync(kept).length).toBeGreaterThan(broken.length - 1);
      expect(readFileSync(kept).equals(broken)).toBe(false);
    }
  });
});

describe('a command that runs from the sources', () => {
  it('leaves a bundle for the next one, and does not wait for it', async () => {
    const built = join(root, 'packages/cli/built/manifest.json');
    rmSync(built, { force: true });
    const swath = (bundle: string) =>
      execFileSync(process.execPath, [join(root, 'packages/cli/bin/swath.mjs'), '--version'], {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] ?? '', SWATH_BUNDLE: bundle },
      }).trim();
    expect(swath('off')).toBe(SWATH_VERSION);
    expect(mainModule(root)).toMatch(/main\.ts$/);
    expect(swath('on')).toBe(SWATH_VERSION);
    await expect.poll(() => mainModule(root), { timeout: 30_000 }).toMatch(/main\.js$/);
  });
});

describe('the module that is run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'swath-bundle-'));
  const source = join(folder, 'packages/cli/src/main.ts');
  const bundled = join(folder, 'packages/cli/built/1-2/main.js');
  afterAll(() => rmSync(folder, { recursive: true }));

  const record = (made: { readonly root: string }) => {
    const { size, mtimeMs } = statSync(source);
    const files = [['packages/cli/src/main.ts', size, mtimeMs]];
    writeFileSync(
      join(folder, 'packages/cli/built/manifest.json'),
      JSON.stringify({ ...made, folder: '1-2', files }),
    );
  };

  beforeEach(() => {
    for (const file of [source, bundled]) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, '');
    }
    record({ root: folder });
  });

  it('is that of the bundle while no source has changed', () => {
    expect(mainModule(folder)).toBe(bundled);
  });

  it('is that of the sources once one has changed, in size or in time', () => {
    writeFileSync(source, 'longer');
    expect(mainModule(folder)).toBe(source);
    record({ root: folder });
    expect(mainModule(folder)).toBe(bundled);
    utimesSync(source, 1, 1);
    expect(mainModule(folder)).toBe(source);
  });

  it('is that of the sources when one is gone, the bundle is, or the repository has moved', () => {
    rmSync(bundled);
    expect(mainModule(folder)).toBe(source);
    writeFileSync(bundled, '');
    record({ root: '/elsewhere' });
    expect(mainModule(folder)).toBe(source);
    record({ root: folder });
    rmSync(source);
    expect(mainModule(folder)).toBe(source);
  });

  it('is that of the sources when there is no bundle, or its list is broken', () => {
    writeFileSync(join(folder, 'packages/cli/built/manifest.json'), '{');
    expect(mainModule(folder)).toBe(source);
    rmSync(join(folder, 'packages/cli/built'), { recursive: true });
    expect(mainModule(folder)).toBe(source);
  });
});
