import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { sharedPath } from '../support/shared.ts';
import { hostileFiles } from './hostile-files.ts';
import { MAX_CPU_MS, MAX_MEMORY_MIB } from './limits.ts';

const readingSchema = z.object({
  name: z.string(),
  code: z.string(),
  message: z.string(),
  samples: z.array(z.number().nullable()),
  untyped: z.boolean(),
  cpu: z.number(),
  mib: z.number(),
});
type Reading = z.infer<typeof readingSchema>;

/** Reads files in a process of their own, so that a crash is a failure and memory is theirs. */
async function readings(what: string): Promise<Reading[]> {
  const args = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'hostile-child.ts'), what];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    maxBuffer: 2 ** 26,
    timeout: 110_000,
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => readingSchema.parse(JSON.parse(line)));
}

/** What a reading did that no file may do. */
const harm = ({ name, untyped, message, cpu, mib }: Reading): string[] => [
  ...(untyped ? [`${name}: ${message}`] : []),
  ...(cpu > MAX_CPU_MS ? [`${name}: ${cpu.toFixed(0)} ms`] : []),
  ...(mib > MAX_MEMORY_MIB ? [`${name}: ${mib.toFixed(0)} MiB`] : []),
];

/** Faults of group G that no single file can hold, and where they are tested instead. */
const elsewhere: Readonly<Record<string, readonly [file: string, test: string]>> = {
  G28: ['packages/raster/src/process/process-window.test.ts', 'offset'],
  G29: ['packages/raster/src/warp/gdalwarp.test.ts', 'gdalwarp'],
};

describe('generated hostile files', () => {
  const files = hostileFiles();
  let all: Reading[] = [];
  beforeAll(async () => {
    all = await readings('generated');
  }, 120_000);

  it('are at least 200, each with a name of its own, and every one was read', () => {
    expect(files.length).toBeGreaterThanOrEqual(200);
    expect(new Set(files.map(({ name }) => name)).size).toBe(files.length);
    expect(all.map(({ name }) => name)).toEqual(files.map(({ name }) => name));
  });

  it('cost at most 250 ms of CPU and 64 MiB each, and no error is untyped', () => {
    expect(all.flatMap(harm)).toEqual([]);
  });

  it('end as they must: in the error that fits, or in the right pixels', () => {
    const wrong = files.flatMap((file, at) => {
      const { code = '', message = '', samples = [] } = all[at] ?? {};
      if (file.ends !== 'any' && file.ends !== code) return [`${file.name}: ${code} ${message}`];
      const expected = file.samples ?? [];
      const same = expected.every((sample, index) => samples[index] === sample);
      return same ? [] : [`${file.name}: ${samples.join(' ')}`];
    });
    expect(wrong).toEqual([]);
  });

  it.each(Array.from({ length: 29 }, (_, at) => `G${String(at + 1).padStart(2, '0')}`))(
    'fault %s has files, or a test elsewhere',
    (id) => {
      const place = elsewhere[id];
      if (place === undefined) {
        expect(files.filter(({ name }) => name.startsWith(id)).length).toBeGreaterThan(0);
      } else {
        const text = readFileSync(join(import.meta.dirname, '../..', place[0]), 'utf8');
        expect(text.toLowerCase()).toContain(place[1]);
      }
    },
  );
});

const broken = sharedPath('data/03-imagery/broken');
if (broken === undefined) console.warn('skipped: no shared data');

describe.skipIf(broken === undefined)('the collected broken files', () => {
  it('cost at most 250 ms of CPU and 64 MiB each, and no error is untyped', async () => {
    const all = await readings(broken ?? '');
    expect(all).toHaveLength(112);
    expect(all.flatMap(harm)).toEqual([]);
    // LZW that never ends its last tile: other readers loop, or fill up with garbage.
    expect(all.find(({ name }) => name === 'sample-get-lzw-stuck.tiff')?.code).toBe('Corrupt');
  }, 120_000);
});
