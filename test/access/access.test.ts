import { pictureRoutes, roles, routes } from '@swath/api';
import type { Route } from '@swath/api/route';
import { beforeAll, describe, expect, it } from 'vitest';
import { caseOf, cases, type Example, known, open, operationOf, reads, signIn } from './calls.ts';
import { type Answered, type App, accessWorld } from './world.ts';

type World = Awaited<ReturnType<typeof accessWorld>>;
let world: World;
beforeAll(async () => {
  world = await accessWorld();
});

const appFor = (operation: string): App => {
  const picture = pictureRoutes.some((route) => operationOf(route) === operation);
  const app = world.apps.find(({ name }) => name === (picture ? 'image' : 'api'));
  if (app === undefined) throw new Error(`no app serves ${operation}`);
  return app;
};

const exampleOf = (operation: string): Example => {
  const found = cases[operation];
  if (found === undefined) throw new Error(`${operation} has no call in calls.ts`);
  return found.call(world.owned);
};

const table = routes.map((route) => [operationOf(route), route] as const);
const two = { project: 'two', roles: 'admin' };
/** For calls that make something: what they make must not stand in the way of the others. */
const three = { project: 'three', roles: 'admin' };

/** What tells one answer from another, besides what is of the call itself. */
function wordsOf({ status, text }: Answered) {
  const {
    instance: _path,
    requestId: _id,
    id: _openeoId,
    ...words
  } = JSON.parse(text) as Record<string, unknown>;
  return { status, words };
}

/** A deployment has no passwords; one machine answers this. */
const notOffered: ReadonlySet<string> = new Set(['signInBasic']);

/** Opens scenes, and those of this world are files, which a deployment does not read. */
const opensScenes: ReadonlySet<string> = new Set(['estimateJob']);

/** Goes on with the cookie of a sign-in that began: `packages/api/src/device/routes.test.ts` has those. */
const needsCookie: ReadonlySet<string> = new Set(['endDeviceSignIn']);

/** Errors of openEO's routes have openEO's codes, such as JobNotFound. */
const codeOf = (route: Route, code: string) => (route.openeo === 'own' ? expect.any(String) : code);

describe('the policy table', () => {
  it('has a call for each route, and none for routes that are gone', () => {
    expect(Object.keys(cases).sort()).toEqual([...known].sort());
  });

  it('opens to everybody what is listed with a reason, and nothing else', () => {
    const found = routes.filter(({ auth }) => auth === 'public').map(operationOf);
    expect(found.sort()).toEqual(Object.keys(open).sort());
  });

  it('lets viewers change nothing', () => {
    for (const route of routes) {
      const harmless = [reads, signIn].some((some) => some.has(operationOf(route)));
      const changes = route.method !== 'GET' && !harmless;
      if (changes) expect(['requester', 'operator', 'admin'], operationOf(route)).toContain(route.auth);
    }
  });

  it.each(table)('holds for %s: strangers, and every role', async (operation, route) => {
    const app = appFor(operation);
    const call = (roleNames: string | undefined) =>
      app.call(
        route,
        exampleOf(operation),
        roleNames === undefined ? undefined : { project: 'one', roles: roleNames },
      );
    const isOpen = route.auth === 'public';
    const stranger = await call(undefined);
    if (notOffered.has(operation)) expect(stranger.status).toBe(501);
    else if (needsCookie.has(operation)) expect(stranger.status).toBe(409);
    else if (isOpen) expect(stranger.status).toBeLessThan(400);
    else
      expect(wordsOf(stranger)).toMatchObject({
        status: 401,
        words: { code: codeOf(route, 'Unauthenticated') },
      });
    // Signed in, but of no role.
    expect((await call('')).status === 403).toBe(!isOpen);
    for (const [rank, role] of roles.entries()) {
      const allowed = route.auth === 'public' || rank >= roles.indexOf(route.auth);
      const { status, text } = await call(role);
      if (allowed) expect([401, 403, 500], `${role}: ${text}`).not.toContain(status);
      else
        expect(wordsOf({ status, text }), role).toMatchObject({
          status: 403,
          words: { code: codeOf(route, 'Forbidden') },
        });
    }
  });
});

describe('another project', () => {
  const marks = () => Object.values(world.owned).filter((mark) => mark !== world.owned.label);

  beforeAll(async () => {
    // The calls of every role above have deleted it.
    world = await accessWorld();
  });

  it.each(table)('sees nothing of project one by %s', async (operation, route) => {
    const app = appFor(operation);
    const example = exampleOf(operation);
    const others = caseOf(route)?.others;
    const answer = await app.call(route, example, others === 'not-found' ? two : three);
    if (others === 'not-found') {
      expect(wordsOf(answer)).toMatchObject({ status: 404, words: { code: codeOf(route, 'NotFound') } });
      // It is told nothing that it would not be told of what nobody has.
      let missing = example.path;
      for (const mark of marks()) missing = missing.replace(mark, `${mark.slice(0, -1)}0`);
      expect(missing).not.toBe(example.path);
      const nothing = await app.call(route, { ...example, path: missing }, two);
      const plain = (text: string) =>
        marks().reduce((all, m) => all.replaceAll(m, `${m.slice(0, -1)}0`), text);
      expect(plain(JSON.stringify(wordsOf(answer)))).toBe(plain(JSON.stringify(wordsOf(nothing))));
      return;
    }
    expect([401, 403, 404, 500], answer.text).not.toContain(answer.status);
    // What the caller makes may have the name it asked for; of project one nothing is in it.
    const asked = `${example.path} ${JSON.stringify(example.body ?? '')}`;
    for (const mark of marks()) if (!asked.includes(mark)) expect(answer.text).not.toContain(mark);
  });

  it.each(table.filter(([, { method }]) => method !== 'GET'))(
    'leaves project one what it has after %s',
    async (operation, route) => {
      await appFor(operation).call(route, exampleOf(operation), two);
      const mine = async (reading: string) => {
        const found = routes.find((one) => operationOf(one) === reading);
        if (found === undefined) throw new Error(reading);
        return appFor(reading).call(found, exampleOf(reading), { project: 'one', roles: 'viewer' });
      };
      expect(JSON.parse((await mine('getRequest')).text)).toMatchObject({ state: 'succeeded', attempt: 1 });
      expect(JSON.parse((await mine('getArea')).text)).toMatchObject({
        version: 1,
        bboxes: [[10.4, 48.7, 10.5, 48.8]],
      });
    },
  );

  it('and what project one sees is there', async () => {
    for (const [operation, route] of table) {
      if (route.method !== 'GET') continue;
      if ([notOffered, opensScenes, needsCookie].some((left) => left.has(operation))) continue;
      const { status, text } = await appFor(operation).call(route, exampleOf(operation), {
        project: 'one',
        roles: 'viewer',
      });
      expect(status, `${operation}: ${text.slice(0, 200)}`).toBeLessThan(400);
      if (caseOf(route)?.others === 'empty')
        expect(
          marks().some((mark) => text.includes(mark)),
          operation,
        ).toBe(true);
    }
  });
});
