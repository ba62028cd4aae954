import { goodTiff } from '@swath/uploads/world.fixture';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { bringFile } from './bring-file.ts';
import type { callers } from './callers.ts';
import type { Machine } from './machine.ts';
import { requestView } from './views.ts';

export interface UploadSuiteWorld {
  readonly machine: Machine;
  readonly call: ReturnType<typeof callers>['call'];
  /** Turns until the request has one of the states. */
  readonly until: (id: string, states: readonly string[], as: readonly string[]) => Promise<unknown>;
  /** Groups of somebody of another project. */
  readonly caller: readonly string[];
}

/** A file that a project brings, from links for its parts to a product of it, through the functions of the stacks. */
export function uploadSuite(world: () => UploadSuiteWorld): void {
  it('take a file by links, check it, draw it, and compute with it', async () => {
    const { machine, call, until, caller } = world();
    const as = ['viewer', 'requester', 'project:p3'];
    const owner: typeof call = (method, path, how) => call(method, path, { ...how, as });
    const file = { fileName: 'field.tif', collection: 'fields', datetime: '2024-06-01' };
    const bytes = Uint8Array.from(goodTiff());
    const { id, state, item, refusal } = await bringFile(machine, owner, { ...file, bytes });
    expect([state, refusal]).toEqual(['registered', null]);
    const there = `/tiles/fields/${item?.id}/preview?max_size=64`;
    const picture = await owner('GET', there);
    expect([picture.status, (await sharp(picture.bytes).metadata()).format]).toEqual([200, 'png']);
    expect((await call('GET', there, { as: caller })).status).toBe(404);
    const body = { pipeline: { expression: 'b1 * 2' }, mask: 'none', aoi: [4.46, 52.33, 4.48, 52.35] };
    const found = { ...body, provider: 'uploads', collections: ['fields'], datetime: '2024-06-01' };
    const live = await owner('POST', '/preview?width=64', { body: found });
    expect(live.status, live.body).toBe(200);

    const named = { ...body, items: [`uploads:fields/${item?.id}`] };
    const posted = await owner('POST', '/requests', { body: named });
    expect(posted.status, posted.body).toBe(201);
    const { id: request } = requestView.parse(JSON.parse(posted.body));
    await until(request, ['succeeded'], as);
    const strange = await call('POST', '/requests/plan', { body: named, as: caller });
    expect([strange.status, strange.body]).toEqual([400, expect.stringContaining('has no Item')]);

    const kept = await owner('GET', `/uploads/${id}/field.tif`);
    expect(kept.status).toBe(302);
    const again = await fetch(kept.headers['location'] ?? '');
    expect(Buffer.from(await again.arrayBuffer()).equals(bytes)).toBe(true);
    const refused = await bringFile(machine, owner, {
      ...file,
      bytes: Uint8Array.from(bytes.subarray(0, 99)),
    });
    expect(refused).toMatchObject({ state: 'refused', refusal: { fix: expect.any(String) } });
    expect((await owner('DELETE', `/uploads/${id}`)).status).toBe(204);
    expect((await fetch(kept.headers['location'] ?? '')).status).toBe(404);
  });
}
