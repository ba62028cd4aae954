import {
  type Clock,
  checkMessage,
  checkReceive,
  checkVisibility,
  defaultMaxReceives,
  deliveryIsOver,
  type Queue,
  type QueueMessage,
} from '@swath/ports';
import { cryptoRandom } from '@swath/ports/memory/random';
import { type Database, openDatabase, textOf, wholeOf } from './sqlite.ts';

const migrations = [
  `CREATE TABLE messages (
     seq INTEGER PRIMARY KEY,
     queue TEXT NOT NULL,
     id TEXT NOT NULL UNIQUE,
     body TEXT NOT NULL,
     visible_ms INTEGER NOT NULL,
     receives INTEGER NOT NULL DEFAULT 0,
     dead INTEGER NOT NULL DEFAULT 0
   ) STRICT;
   CREATE INDEX messages_visible ON messages (queue, dead, visible_ms);`,
];

export interface LocalQueue extends Queue {
  /** Oldest first. */
  dead(limit: number): readonly { readonly id: string; readonly body: string }[];
  /** Makes dead messages visible again with their count at 0. @returns messages moved. */
  redrive(): number;
}

export interface LocalQueues {
  /** Queues come into being with their first message. */
  queue(name: string, options?: { readonly maxReceives?: number }): LocalQueue;
  /**
   * Makes visible what was received and not acknowledged. Only for who knows that every consumer is gone: a machine
   * that starts again would otherwise wait for the visibility of what a killed life had in hand.
   * @returns messages taken back; each still counts as received.
   */
  takeBack(): number;
  close(): void;
}

/**
 * All queues of a machine in one SQLite file. A power cut may lose the last sends and acknowledgements: messages are
 * pointers to rows of the table, whose sweep sends them again, and delivery is at least once anyway.
 */
export function localQueues(options: { readonly file: string; readonly clock: Clock }): LocalQueues {
  const database = openDatabase({ file: options.file, migrations, synchronous: 'normal' });
  return {
    queue: (name, { maxReceives = defaultMaxReceives } = {}) =>
      queueOver(database, name, maxReceives, options.clock),
    takeBack: () =>
      database.run(
        'UPDATE messages SET visible_ms = ?1 WHERE dead = 0 AND receives > 0 AND visible_ms > ?1',
        options.clock.now(),
      ),
    close: () => database.close(),
  };
}

function queueOver(database: Database, queue: string, maxReceives: number, clock: Clock): LocalQueue {
  const random = cryptoRandom();
  return {
    async send(body, { delayS = 0 } = {}) {
      checkMessage(body, delayS);
      const id = random.id();
      database.run(
        'INSERT INTO messages (queue, id, body, visible_ms) VALUES (?, ?, ?, ?)',
        queue,
        id,
        body,
        clock.now() + delayS * 1000,
      );
      return id;
    },
    async receive({ max, visibilityS }) {
      checkReceive({ max, visibilityS });
      // Looked at without the write lock first: an idle consumer disturbs nobody.
      if (visibleRows(database, queue, clock.now(), 1).length === 0) return [];
      return database.write(() => deliver(database, queue, { max, visibilityS, maxReceives, clock }));
    },
    async ack(receipt) {
      const { id, receives } = parseReceipt(receipt);
      database.run(
        'DELETE FROM messages WHERE id = ? AND receives = ? AND queue = ? AND dead = 0',
        id,
        receives,
        queue,
      );
    },
    async extend(receipt, visibilityS) {
      checkVisibility(visibilityS);
      const { id, receives } = parseReceipt(receipt);
      const changed = database.run(
        'UPDATE messages SET visible_ms = ? WHERE id = ? AND receives = ? AND queue = ? AND dead = 0',
        clock.now() + visibilityS * 1000,
        id,
        receives,
        queue,
      );
      if (changed === 0) throw deliveryIsOver();
    },
    async depth() {
      const row = database.get(
        `SELECT count(*) FILTER (WHERE dead = 0 AND visible_ms <= ?1) AS visible,
                count(*) FILTER (WHERE dead = 0 AND visible_ms > ?1) AS hidden,
                count(*) FILTER (WHERE dead = 1) AS dead
         FROM messages WHERE queue = ?2`,
        clock.now(),
        queue,
      );
      if (row === undefined) return { visible: 0, inFlight: 0, dead: 0 };
      return {
        visible: wholeOf(row, 'visible'),
        inFlight: wholeOf(row, 'hidden'),
        dead: wholeOf(row, 'dead'),
      };
    },
    dead: (limit) =>
      database
        .all('SELECT id, body FROM messages WHERE queue = ? AND dead = 1 ORDER BY seq LIMIT ?', queue, limit)
        .map((row) => ({ id: textOf(row, 'id'), body: textOf(row, 'body') })),
    redrive: () =>
      database.run(
        'UPDATE messages SET dead = 0, receives = 0, visible_ms = ? WHERE queue = ? AND dead = 1',
        clock.now(),
        queue,
      ),
  };
}

function deliver(
  database: Database,
  queue: string,
  options: {
    readonly max: number;
    readonly visibilityS: number;
    readonly maxReceives: number;
    readonly clock: Clock;
  },
): QueueMessage[] {
  const nowMs = options.clock.now();
  database.run(
    'UPDATE messages SET dead = 1 WHERE queue = ? AND dead = 0 AND visible_ms <= ? AND receives >= ?',
    queue,
    nowMs,
    options.maxReceives,
  );
  return visibleRows(database, queue, nowMs, options.max).map((row) => {
    const id = textOf(row, 'id');
    const receiveCount = wholeOf(row, 'receives') + 1;
    database.run(
      'UPDATE messages SET receives = ?, visible_ms = ? WHERE seq = ?',
      receiveCount,
      nowMs + options.visibilityS * 1000,
      wholeOf(row, 'seq'),
    );
    return { id, body: textOf(row, 'body'), receiveCount, receipt: `${id}:${receiveCount}` };
  });
}

function visibleRows(database: Database, queue: string, nowMs: number, limit: number) {
  return database.all(
    `SELECT seq, id, body, receives FROM messages
     WHERE queue = ? AND dead = 0 AND visible_ms <= ? ORDER BY visible_ms LIMIT ?`,
    queue,
    nowMs,
    limit,
  );
}

/** A receipt of another make matches no message. */
function parseReceipt(receipt: string): { id: string; receives: number } {
  const [id = '', receives = ''] = receipt.split(':');
  return { id, receives: /^\d{1,9}$/.test(receives) ? Number(receives) : -1 };
}
