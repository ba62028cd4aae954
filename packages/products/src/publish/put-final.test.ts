import { SwathError, sha256Hex } from '@swath/core';
import { memoryObjects } from '@swath/ports/memory/objects';
import { describe, expect, it } from 'vitest';
import { putFinal } from './put-final.ts';

const object = (text: string) => {
  const bytes = new TextEncoder().encode(text);
  return {
    key: 'results/k/a.json',
    contentType: 'application/json',
    sha256: sha256Hex(bytes),
    keepDays: 30,
    body: { bytes },
  };
};

describe('a final object', () => {
  it('is created once; the same bytes again are success', async () => {
    const results = memoryObjects();
    const first = await putFinal(results, object('one'));
    expect(await putFinal(results, object('one'))).toEqual(first);
  });

  it('is never replaced by other bytes', async () => {
    const results = memoryObjects();
    await putFinal(results, object('one'));
    await expect(putFinal(results, object('two'))).rejects.toMatchObject({ code: 'Conflict' });
    expect(new TextDecoder().decode(await results.get('results/k/a.json'))).toBe('one');
  });

  it('whose answer was lost counts as written', async () => {
    const results = memoryObjects();
    let lost = 0;
    const flaky: typeof results = {
      ...results,
      put: async (key, body, options) => {
        const info = await results.put(key, body, options);
        if (lost++ === 0) throw new SwathError('Conflict', 'the retry inside the client saw its own object');
        return info;
      },
    };
    expect((await putFinal(flaky, object('one'))).sha256).toBe(object('one').sha256);
  });

  it('that vanishes between conflict and look is tried again, not for ever', async () => {
    const results = memoryObjects();
    let tries = 0;
    const haunted: typeof results = {
      ...results,
      put: async () => {
        tries++;
        throw new SwathError('Conflict', 'somebody is writing');
      },
    };
    await expect(putFinal(haunted, object('one'))).rejects.toMatchObject({ code: 'Conflict' });
    expect(tries).toBe(3);
  });
});
