import { describe, expect, it } from 'vitest';
import { faultyTable, testSpec, testWorld, type WriteFault } from '../testing/index.ts';
import { createRequest } from '../use-cases/create-request.ts';
import { commit } from './commit.ts';
import { addWarnings, move } from './draft.ts';
import { readEvents, readHead } from './read.ts';

const project = 'p1';

async function accepted(faults: readonly WriteFault[] = []) {
  const world = testWorld();
  const { request } = await createRequest(world.deps, { project, body: testSpec() });
  const head = await readHead(world.table, request.id);
  if (head === undefined) throw new Error('no head');
  const deps = { ...world.deps, table: faultyTable(faults)(world.table) };
  const draft = move(world.clock.now(), { head, from: 'accepted', to: 'ordering', message: 'm' });
  return { world, deps, head, draft };
}

describe('a commit', () => {
  it.each<[string, readonly WriteFault[]]>([
    ['is written', []],
    ['is its own when the answer was lost', ['after']],
    ['is written at the second try', ['before', 'none']],
    ['is written once when the answer to the second try was lost', ['before', 'after']],
  ])('%s', async (_name, faults) => {
    const { world, deps, draft } = await accepted(faults);
    expect((await commit(deps, draft))?.state).toBe('ordering');
    expect(await readHead(world.table, draft.after.id)).toMatchObject({ state: 'ordering', sequence: 2 });
    expect((await readEvents(world.table, draft.after.id, 10)).map((event) => event.to)).toEqual([
      'accepted',
      'ordering',
    ]);
  });

  it('loses to another writer, and changes nothing then', async () => {
    const { world, deps, draft, head } = await accepted();
    const other = move(world.clock.now(), { head, from: 'accepted', to: 'cancelling', message: 'm' });
    expect(await commit(deps, other)).toBeDefined();
    expect(await commit(deps, draft)).toBeUndefined();
    expect((await readHead(world.table, head.id))?.state).toBe('cancelling');
  });

  it('loses to another writer also when its own outcome was unknown', async () => {
    const { world, head, draft } = await accepted();
    const other = move(world.clock.now(), { head, from: 'accepted', to: 'cancelling', message: 'm' });
    const table = {
      ...faultyTable(['before'])(world.table),
      get: async (key: Parameters<typeof world.table.get>[0]) => {
        await commit(world.deps, other);
        return world.table.get(key);
      },
    };
    expect(await commit({ ...world.deps, table }, draft)).toBeUndefined();
    expect((await readHead(world.table, head.id))?.state).toBe('cancelling');
  });

  it('refuses what the table of transitions does not have', async () => {
    const { head } = await accepted();
    // @ts-expect-error: the compiler refuses it as well.
    expect(() => move(0, { head, from: 'accepted', to: 'succeeded', message: 'm' })).toThrow(/No transition/);
    expect(() => move(0, { head, from: 'ordering', to: 'acquiring', message: 'm' })).toThrow(
      /planned on accepted/,
    );
  });

  it('keeps attributes that a later version of Swath has added', async () => {
    const { world, deps, head } = await accepted();
    const later = { ...head, colour: 'blue' };
    await world.table.transact([{ put: { ...later } as never }]);
    const read = await readHead(world.table, head.id);
    if (read === undefined) throw new Error('no head');
    await commit(
      deps,
      move(world.clock.now(), { head: read, from: 'accepted', to: 'ordering', message: 'm' }),
    );
    expect(await world.table.get({ pk: head.pk, sk: head.sk })).toMatchObject({
      colour: 'blue',
      state: 'ordering',
    });
  });
});

describe('warnings', () => {
  it('are kept once each, cut, bounded, and what is over is counted', () => {
    expect(addWarnings(['a'], ['a', 'b'])).toEqual(['a', 'b']);
    const many = addWarnings(
      [],
      Array.from({ length: 70 }, (_, i) => `${i} ${'😀'.repeat(400)}`),
    );
    expect(many).toHaveLength(50);
    expect(many.at(-1)).toBe('21 more warnings are not shown.');
    expect(many.every((text) => text.isWellFormed() && [...text].length <= 300)).toBe(true);
  });
});
