import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { SwathError } from '@swath/core';
import { type Bus, type BusEvent, type Random, utf8Length } from '@swath/ports';
import { cryptoRandom } from '@swath/ports/memory/random';
import { calling } from './errors.ts';
import { eventSource } from './event-source.ts';
import { maxEventBytes, maxEventEntries, putEventsTries, throttledRetryAfterMs } from './limits.ts';
import { untilDone } from './retry.ts';

export { eventSource };

export interface EventBridgeBusOptions {
  readonly client: EventBridgeClient;
  readonly busName: string;
  /** @default the machine's */
  readonly random?: Random;
}

/** EventBridge gives each event an id of its own at each sending: ours goes along as `detail.eventId`. */
export function eventBridgeBus(options: EventBridgeBusOptions): Bus {
  const random = options.random ?? cryptoRandom();
  return {
    async publish(events) {
      for (const batch of batches(events.map((event) => entryOf(event, options.busName)))) {
        let waiting: readonly PutEventsRequestEntry[] = batch;
        const done = await untilDone(putEventsTries, random, async () => {
          waiting = await put(options.client, waiting);
          return waiting.length === 0 ? 'done' : 'again';
        });
        if (done === undefined) {
          throw new SwathError('Throttled', `EventBridge keeps refusing ${waiting.length} of the events.`, {
            retryAfterMs: throttledRetryAfterMs,
          });
        }
      }
    },
  };
}

function entryOf(event: BusEvent, busName: string): PutEventsRequestEntry {
  return {
    EventBusName: busName,
    Source: eventSource,
    DetailType: event.type,
    Time: new Date(event.time),
    Detail: JSON.stringify({ ...event.detail, eventId: event.id }),
  };
}

/** @returns the entries that were refused: one call can take some and refuse others. */
async function put(
  client: EventBridgeClient,
  entries: readonly PutEventsRequestEntry[],
): Promise<readonly PutEventsRequestEntry[]> {
  const command = new PutEventsCommand({ Entries: [...entries] });
  const { Entries } = await calling('EventBridge', () => client.send(command));
  return entries.filter((_, index) => Entries?.[index]?.EventId === undefined);
}

function batches(entries: readonly PutEventsRequestEntry[]): PutEventsRequestEntry[][] {
  const all: PutEventsRequestEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = entryBytes(entry);
    if (size > maxEventBytes) {
      throw new SwathError('LimitExceeded', `An event has ${size} bytes; at most ${maxEventBytes}.`);
    }
    const batch = all.at(-1);
    if (batch === undefined || batch.length === maxEventEntries || bytes + size > maxEventBytes) {
      all.push([entry]);
      bytes = size;
    } else {
      batch.push(entry);
      bytes += size;
    }
  }
  return all;
}

/** As EventBridge counts: time 14 bytes, the rest UTF-8. */
function entryBytes(entry: PutEventsRequestEntry): number {
  return (
    14 + [entry.Source, entry.DetailType, entry.Detail].reduce((sum, text) => sum + utf8Length(text ?? ''), 0)
  );
}
