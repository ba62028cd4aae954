import { cryptoRandom, memoryTable } from '@swath/ports/memory/index';
import { describe, expect, it } from 'vitest';
import { makeMapLink, openMapLink } from './map-links.ts';

const world = () => {
  let nowMs = Date.UTC(2026, 0, 1);
  return {
    deps: { table: memoryTable(), clock: { now: () => nowMs }, random: cryptoRandom() },
    pass: (hours: number) => {
      nowMs += hours * 3_600_000;
    },
  };
};
const link = { project: 'one', images: 'fields' };

describe('a link to pictures', () => {
  it('opens what it was made for, until it expires', async () => {
    const { deps, pass } = world();
    const { token, expires } = await makeMapLink(deps, link, 24);
    expect(expires).toBe('2026-01-02T00:00:00.000Z');
    expect(await openMapLink(deps, token)).toEqual(link);
    pass(23.99);
    expect(await openMapLink(deps, token)).toEqual(link);
    pass(0.01);
    expect(await openMapLink(deps, token)).toBeUndefined();
  });

  it('is another one each time, and opens nothing when it is changed', async () => {
    const { deps } = world();
    const [a, b] = await Promise.all([makeMapLink(deps, link, 1), makeMapLink(deps, link, 1)]);
    expect(a.token).not.toBe(b.token);
    for (const token of ['', 'x', a.token.slice(1), a.token.toUpperCase(), `${a.token}0`]) {
      expect(await openMapLink(deps, token), token).toBeUndefined();
    }
  });

  it('is not in the table itself', async () => {
    const { deps } = world();
    const rows: unknown[] = [];
    const table = {
      ...deps.table,
      transact: async (writes: Parameters<typeof deps.table.transact>[0]) => {
        rows.push(writes);
        await deps.table.transact(writes);
      },
    };
    const { token } = await makeMapLink({ ...deps, table }, { ...link, user: 'ann' }, 1);
    expect(JSON.stringify(rows)).toContain('"user":"ann"');
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it.each([0, -1, 169, Number.NaN])('is refused for %s hours', async (hours) => {
    await expect(makeMapLink(world().deps, link, hours)).rejects.toMatchObject({ pointer: '/hours' });
  });
});
