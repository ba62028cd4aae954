import { SwathError } from '@swath/core';
import type { Bus, BusEvent } from '@swath/ports';
import { busPageEvents, keptBusEvents } from './limits.ts';
import { openDatabase, type SqlRow, textOf, wholeOf } from './sqlite.ts';

const migrations = [
  `CREATE TABLE events (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     type TEXT NOT NULL,
     time TEXT NOT NULL,
     detail TEXT NOT NULL
   ) STRICT;`,
];

export interface LocalBus extends Bus {
  /** Sequence of the newest event, 0 when there is none: where a listener begins that wants only what comes. */
  latest(): number;
  /** Events after `sequence`, oldest first, at most 500; the last one's `sequence` asks for more (Last-Event-ID). */
  since(sequence: number): readonly { readonly sequence: number; readonly event: BusEvent }[];
  close(): void;
}

/** Events as rows that any process appends and any process reads. A repeat of an id is dropped; the newest 10,000 stay. */
export function localBus(options: { readonly file: string }): LocalBus {
  const database = openDatabase({ file: options.file, migrations, synchronous: 'normal' });
  return {
    async publish(events) {
      if (events.length === 0) return;
      database.write(() => {
        for (const event of events) {
          database.run(
            'INSERT INTO events (id, type, time, detail) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
            event.id,
            event.type,
            event.time,
            JSON.stringify(event.detail),
          );
        }
        database.run('DELETE FROM events WHERE seq <= (SELECT max(seq) FROM events) - ?', keptBusEvents);
      });
    },
    latest() {
      const row = database.get('SELECT coalesce(max(seq), 0) AS seq FROM events');
      return row === undefined ? 0 : wholeOf(row, 'seq');
    },
    since: (sequence) =>
      database
        .all('SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?', sequence, busPageEvents)
        .map((row) => ({ sequence: wholeOf(row, 'seq'), event: eventOf(row) })),
    close: () => database.close(),
  };
}

function eventOf(row: SqlRow): BusEvent {
  const detail: unknown = JSON.parse(textOf(row, 'detail'));
  if (!isRecord(detail)) throw new SwathError('Corrupt', 'The local bus holds an event without detail.');
  return { id: textOf(row, 'id'), type: textOf(row, 'type'), time: textOf(row, 'time'), detail };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
