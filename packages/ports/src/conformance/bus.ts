import { expect } from 'vitest';
import type { Bus, BusEvent } from '../others.ts';
import { type SuiteOptions, suite, uniqueName } from './support.ts';

export interface BusFixture {
  readonly bus: Bus;
  /** Everything that arrived at a listener so far, repeats included. Absent where nobody can listen. */
  readonly received?: () => Promise<readonly BusEvent[]>;
  readonly close?: () => Promise<void>;
}

/** What every Bus promises: at least once. */
export function busConformance(
  name: string,
  makeFixture: () => Promise<BusFixture>,
  options: SuiteOptions = {},
): void {
  suite(`Bus: ${name}`, makeFixture, options, ({ test }) => {
    test('tells every event at least once, in full', async ({ bus, received }) => {
      // More than EventBridge takes in one call.
      const events = Array.from({ length: 25 }, (_, n): BusEvent => {
        return { ...makeEvent(), detail: { n, text: 'Zürich 🛰', nested: { list: [1, null] } } };
      });
      await bus.publish(events);
      if (received === undefined) return;
      const got = new Map((await received()).map((event) => [event.id, event]));
      for (const event of events) expect(got.get(event.id)).toEqual(event);
    });

    test('takes the same event twice', async ({ bus, received }) => {
      const event = makeEvent();
      await bus.publish([event]);
      await bus.publish([event, event]);
      if (received === undefined) return;
      expect((await received()).filter((other) => other.id === event.id).length).toBeGreaterThanOrEqual(1);
    });

    test('takes no events for done', async ({ bus }) => {
      await expect(bus.publish([])).resolves.toBeUndefined();
    });
  });
}

function makeEvent(): BusEvent {
  return {
    type: 'Request State Change',
    id: uniqueName('event'),
    time: '2026-11-21T04:00:00.000Z',
    detail: { requestId: 'r1', to: 'succeeded' },
  };
}
