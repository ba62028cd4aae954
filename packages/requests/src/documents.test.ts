import { globSync, readFileSync } from 'node:fs';
import { isSwathError } from '@swath/core';
import { memoryObjects } from '@swath/ports/memory/index';
import { type Scene, sceneFromItem } from '@swath/stac';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../../../test/support/shared.ts';
import { readDocument, readReport, writeDocument, writeDocumentOnce } from './documents.ts';
import { testAcquired, testScenes } from './testing/index.ts';

const items = sharedPath('data', '01-stac-recordings', 'items');
if (items === undefined) console.warn('skipped: no shared data');

describe('documents', () => {
  it('are read back as they were written', async () => {
    const work = memoryObjects();
    const pinned = { scenes: testScenes(), skipped: [{ id: 'x', reason: 'y' }] };
    await writeDocument(work, 'k', pinned);
    expect(await readDocument(work, 'scenes', 'k')).toEqual(pinned);
    const acquired = testAcquired(testScenes());
    await writeDocument(work, 'a', { ok: true, value: acquired, reason: null, message: null });
    expect(await readDocument(work, 'acquire', 'a')).toEqual({ ok: true, value: acquired });
  });

  it('are undefined when absent, and never a default when damaged', async () => {
    const work = memoryObjects();
    expect(await readDocument(work, 'publish', 'nothing')).toBeUndefined();
    for (const text of ['', '{', 'null', '[]', '{"ok":true}', '{"ok":true,"value":[{}]}', '\u0000']) {
      await work.put('k', new TextEncoder().encode(text));
      await expect(readDocument(work, 'publish', 'k'), text).rejects.toMatchObject({ code: 'Corrupt' });
      expect(await readReport(work, 'publish', 'k')).toMatchObject({
        ok: false,
        failure: { reason: 'RESULT_MISSING' },
      });
    }
  });

  it('tell why a job failed, in words of the closed list', async () => {
    const work = memoryObjects();
    const failed = { ok: false, value: null, message: 'gone' };
    await writeDocument(work, 'k', { ...failed, reason: 'ASSET_MISSING' });
    expect(await readReport(work, 'chunk', 'k')).toEqual({
      ok: false,
      failure: { reason: 'ASSET_MISSING', message: 'gone' },
    });
    await writeDocument(work, 'k', { ...failed, reason: 'SOLAR_FLARE', message: null });
    expect(await readReport(work, 'chunk', 'k')).toMatchObject({ failure: { reason: 'INTERNAL_ERROR' } });
  });

  it('of the first writer stand', async () => {
    const work = memoryObjects();
    expect(await writeDocumentOnce(work, 'k', { a: 1 })).toBe(true);
    expect(await writeDocumentOnce(work, 'k', { a: 2 })).toBe(false);
    expect(new TextDecoder().decode(await work.get('k'))).toBe('{"a":1}');
  });

  it.skipIf(items === undefined)('hold the scenes of real Items of every version', async () => {
    const scenes = globSync('**/*.json', { cwd: items ?? '.' }).flatMap((file): Scene[] => {
      try {
        const json: unknown = JSON.parse(readFileSync(`${items}/${file}`, 'utf8'));
        return [sceneFromItem(json, { provider: 'p', itemHref: `https://catalogue.example/${file}` })];
      } catch (error) {
        // Some of the recordings are broken on purpose; how is the reader's own test.
        if (isSwathError(error) || error instanceof SyntaxError) return [];
        throw error;
      }
    });
    expect(scenes.length).toBeGreaterThan(50);
    const work = memoryObjects();
    await writeDocument(work, 'k', { scenes, skipped: [] });
    expect((await readDocument(work, 'scenes', 'k'))?.scenes).toEqual(JSON.parse(JSON.stringify(scenes)));
  });
});
