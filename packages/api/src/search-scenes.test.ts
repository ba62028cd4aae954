import type { SceneQuery } from '@swath/ports';
import { describe, expect, it } from 'vitest';
import { fakeApi, fakeProvider } from '../../../test/support/fake-api.ts';
import { makeApp } from './app.ts';

function start() {
  const asked: SceneQuery[] = [];
  const provider = {
    ...fakeProvider,
    search: (query: SceneQuery) => {
      asked.push(query);
      return fakeProvider.search(query);
    },
  };
  const app = makeApp(fakeApi({ providers: new Map([[provider.id, provider]]) }).deps);
  const send = (method: string, path: string, body: unknown) =>
    app.request(path, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  return { asked, send };
}

describe('a search of scenes', () => {
  it('takes a stored area by its id, in the version that is named', async () => {
    const { asked, send } = start();
    for (const east of [10.41, 10.42]) {
      expect((await send('PUT', '/aois/farm', { area: [10.4, 48.79, east, 48.8] })).status).toBe(200);
    }
    for (const aoi of ['farm', 'farm@1', [10.4, 48.79, 10.42, 48.8]]) {
      expect((await send('POST', '/scenes/search', { aoi })).status).toBe(200);
    }
    const easts = asked.map(({ aoi }) => aoi?.bboxes[0]?.[2]);
    expect(easts).toEqual([10.42, 10.41, 10.42]);
  });

  it('names the area that there is not, and how to store it', async () => {
    const { asked, send } = start();
    for (const aoi of ['nowhere', 'Not an id', 'farm@0']) {
      const answer = await send('POST', '/scenes/search', { aoi });
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({
        pointer: '/aoi',
        fix: expect.stringContaining('PUT /aois/{id}'),
      });
    }
    expect(asked).toEqual([]);
  });
});
