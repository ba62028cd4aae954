import { createRequest } from '@swath/requests';
import { testSpec, testWorld } from '@swath/requests/testing/index';
import { expect, it } from 'vitest';
import { makeHandler } from './handler.ts';

it('tells what is open after the sweep, and nothing when nothing is', async () => {
  const world = testWorld();
  const lines: string[] = [];
  const handler = makeHandler(world.deps, { functionName: 'sweep', write: (line) => lines.push(line) });
  await handler({});
  expect(lines).toEqual([]);
  await createRequest(world.deps, { project: 'p1', body: testSpec() });
  world.clock.advance(1000);
  await handler({});
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { FunctionName: 'sweep', State: 'accepted', OpenRequests: 1 },
    { FunctionName: 'sweep', OldestRequestSeconds: 1 },
  ]);
  await world.drain();
  lines.length = 0;
  await handler({});
  expect(lines).toEqual([]);
});
