import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { installPackages } from './install.ts';
import { installOf } from './lock-closure.ts';
import { repository } from './options.ts';

const scratch = mkdtempSync(join(tmpdir(), 'swath-install-'));
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const own = process.arch === 'arm64' ? 'arm64' : 'x64';
const other = own === 'arm64' ? 'x64' : 'arm64';
const isGlibcLinux =
  process.platform === 'linux' &&
  existsSync(join(repository, `node_modules/@img/sharp-linux-${own}/package.json`));

describe('what a function gets beside its bundle', () => {
  it('is what npm takes for Linux with glibc on its processor', () => {
    const lock: unknown = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8'));
    for (const processor of ['arm64', 'x64'] as const) {
      expect(installOf(['sharp'], lock, processor).paths).toEqual(
        [
          '@img/colour',
          `@img/sharp-libvips-linux-${processor}`,
          `@img/sharp-linux-${processor}`,
          'detect-libc',
          'semver',
          'sharp',
        ].map((name) => `node_modules/${name}`),
      );
    }
  });

  it.skipIf(!isGlibcLinux)('is copied from the repository where it fits this machine, without npm', () => {
    vi.stubEnv('PATH', '');
    const folder = mkdtempSync(join(scratch, 'own-'));
    installPackages(['sharp'], own, folder, join(scratch, 'kept-own'));
    expect(readdirSync(join(folder, 'node_modules/@img')).sort()).toEqual([
      'colour',
      `sharp-libvips-linux-${own}`,
      `sharp-linux-${own}`,
    ]);
    expect(existsSync(join(folder, 'node_modules/sharp/package.json'))).toBe(true);
  });

  it('is refused without a network, naming the command that fetches it, and leaves nothing half made', () => {
    vi.stubEnv('npm_config_offline', 'true');
    vi.stubEnv('npm_config_cache', join(scratch, 'no-cache'));
    const kept = join(scratch, 'kept-other');
    expect(() => installPackages(['sharp'], other, mkdtempSync(join(scratch, 'other-')), kept)).toThrow(
      expect.objectContaining({
        code: 'Unavailable',
        fix: expect.stringContaining('npm run fetch:binaries'),
      }),
    );
    expect(readdirSync(kept)).toEqual([]);
  });
});
