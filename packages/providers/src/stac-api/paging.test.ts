import { afterEach, describe, expect, it } from 'vitest';
import { sendJson, startServer } from '../../../../test/support/http-server.ts';
import { closeApis, closeLater, ids, page, startApi, tokenOf } from '../../test/api-server.ts';
import { makeAoi, makeItem, makeQuery } from '../../test/make-item.ts';
import { stacApiProvider } from './provider.ts';

afterEach(closeApis);

describe('paging', () => {
  it.each([
    ['merge: false', false, { token: 1, collections: ['c'] }, { token: 1, collections: ['c'] }],
    ['no merge', undefined, { token: 1 }, { token: 1 }],
    ['merge: true', true, { token: 1 }, { token: 1, collections: ['c'], limit: 100 }],
  ])('by POST with %s', async (_, merge, body, expected) => {
    const { provider, searches } = await startApi((request) =>
      tokenOf(request) === 0
        ? page([makeItem('a')], { rel: 'next', method: 'POST', href: '/search', merge, body })
        : page([makeItem('b')]),
    );
    expect(ids(await provider.search(makeQuery()))).toEqual(['a', 'b']);
    expect(searches()[1]?.body).toEqual(expected);
  });

  it('by GET with a token, after a POST', async () => {
    const { provider, searches } = await startApi((request) =>
      request.method === 'POST'
        ? page([makeItem('a')], { rel: 'next', href: '/search?token=x' })
        : page([makeItem('b')]),
    );
    expect(ids(await provider.search(makeQuery()))).toEqual(['a', 'b']);
    expect(searches()[1]).toMatchObject({ method: 'GET', path: '/search?token=x' });
  });

  it.each(['context', 'meta'])('by page number in %s, where there is no link (v0)', async (key) => {
    const { provider, searches } = await startApi((request) => {
      const number = Number(Object(request.body).page ?? 1);
      const counts = { page: number, limit: 1, matched: 3, found: 3 };
      return { type: 'FeatureCollection', features: [makeItem(`a${number}`)], [key]: counts };
    });
    expect(ids(await provider.search(makeQuery()))).toEqual(['a1', 'a2', 'a3']);
    expect(searches()).toHaveLength(3);
  });

  it('sends the headers of a link, but none that are ours', async () => {
    const headers = { 'x-page': '2', Authorization: 'evil', Host: 'evil.test', 'X-Api-Key': 'evil', bad: 7 };
    const { provider, searches } = await startApi(
      (request) =>
        tokenOf(request) === 0
          ? page([makeItem('a')], {
              rel: 'next',
              method: 'POST',
              href: '/search',
              body: { token: 1 },
              headers,
            })
          : page([]),
      { headers: { authorization: 'Bearer mine' } },
    );
    await provider.search(makeQuery());
    expect(searches()[1]?.headers).toMatchObject({ 'x-page': '2', authorization: 'Bearer mine' });
    expect(JSON.stringify(searches()[1]?.headers)).not.toContain('evil');
  });

  it.each([
    'https://evil.test/search',
    'http://127.0.0.1:1/search',
    '//evil.test/search',
    'file:///etc/passwd',
  ])('does not follow a next link to %s', async (href) => {
    const { provider } = await startApi(
      () => page([makeItem('a')], { rel: 'next', method: 'POST', href, body: { t: 1 } }),
      {
        headers: { authorization: 'Bearer hunter2' },
      },
    );
    const error = await provider.search(makeQuery()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'Corrupt', message: expect.stringContaining('another origin') });
    expect(String(error)).not.toContain('hunter2');
  });

  it('stops at a loop', async () => {
    const { provider, searches } = await startApi((request) => {
      const token = (tokenOf(request) % 3) + 1;
      return page([makeItem(`a${token}`)], { rel: 'next', method: 'POST', href: '/search', body: { token } });
    });
    await expect(provider.search(makeQuery())).rejects.toMatchObject({
      code: 'Corrupt',
      message: expect.stringContaining('loop'),
    });
    expect(searches().length).toBeLessThan(6);
  });

  it('stops when page after page brings nothing new under ever new tokens', async () => {
    const { provider, searches } = await startApi((request) =>
      page([makeItem('a')], {
        rel: 'next',
        method: 'POST',
        href: '/search',
        body: { token: tokenOf(request) + 1 },
      }),
    );
    await expect(provider.search(makeQuery())).rejects.toMatchObject({
      code: 'Corrupt',
      message: expect.stringContaining('nothing new'),
    });
    expect(searches().length).toBeLessThan(15);
  });

  it('stops after a thousand pages', async () => {
    let asked = 0;
    const provider = stacApiProvider({
      id: 'p',
      title: 'P',
      url: 'https://stac.test',
      fetch: async () => {
        asked += 1;
        const next = { rel: 'next', method: 'POST', href: '/search', body: { token: asked } };
        return new Response(JSON.stringify(page([makeItem(`a${asked}`, { x: 50 })], next)));
      },
    });
    await expect(provider.search(makeQuery({ aoi: makeAoi([0, 0, 1, 1]) }))).rejects.toMatchObject({
      code: 'LimitExceeded',
    });
    expect(asked).toBe(1001);
  });

  it.each([
    ['a list', []],
    ['no features', { type: 'FeatureCollection' }],
    ['a text', 'hello'],
  ])('calls %s instead of a page corrupt', async (_, body) => {
    const { provider } = await startApi(() => body);
    await expect(provider.search(makeQuery())).rejects.toMatchObject({ code: 'Corrupt' });
  });

  it('repeats a page that failed, not the search', async () => {
    let failed = false;
    const server = await startServer((request, response) => {
      if (request.path === '/') return sendJson(response, 404, {});
      if (tokenOf(request) === 1 && !failed) {
        failed = true;
        return void response.writeHead(503).end();
      }
      const next = { rel: 'next', method: 'POST', href: '/search', body: { token: 1 } };
      return sendJson(
        response,
        200,
        tokenOf(request) === 0 ? page([makeItem('a')], next) : page([makeItem('b')]),
      );
    });
    closeLater(server);
    const provider = stacApiProvider({ id: 'p', title: 'P', url: server.origin, sleep: async () => {} });
    expect(ids(await provider.search(makeQuery()))).toEqual(['a', 'b']);
    expect(server.requests).toHaveLength(4);
  });
});
