import { defaultMaxReceives } from '../limits.ts';
import type { Clock, Random } from '../others.ts';
import type { Queue } from '../queue.ts';
import { checkMessage, checkReceive, checkVisibility, deliveryIsOver } from '../queue-rules.ts';

interface Held {
  readonly id: string;
  readonly body: string;
  visibleMs: number;
  receiveCount: number;
}

export interface MemoryQueueOptions {
  readonly clock: Clock;
  /** Deliveries before a message is set aside. @default 5 */
  readonly maxReceives?: number;
  /** Delivers in random order, as SQS may; without it the longest visible comes first. */
  readonly random?: Random;
}

export interface MemoryQueue extends Queue {
  /** Bodies set aside, oldest first. */
  dead(): readonly { readonly id: string; readonly body: string }[];
}

export function memoryQueue(options: MemoryQueueOptions): MemoryQueue {
  const { clock, random } = options;
  const maxReceives = options.maxReceives ?? defaultMaxReceives;
  const messages = new Map<string, Held>();
  const dead: { readonly id: string; readonly body: string }[] = [];
  let sent = 0;

  const receiptOf = (message: Held) => `${message.id}:${message.receiveCount}`;
  const delivered = (receipt: string): Held | undefined => {
    const message = messages.get(receipt.split(':')[0] ?? '');
    return message !== undefined && receiptOf(message) === receipt ? message : undefined;
  };
  const visible = (): Held[] => {
    const now = clock.now();
    const found = [...messages.values()].filter((message) => message.visibleMs <= now);
    return random === undefined ? found.sort((a, b) => a.visibleMs - b.visibleMs) : shuffled(found, random);
  };

  return {
    async send(body, { delayS = 0 } = {}) {
      checkMessage(body, delayS);
      const id = `m${++sent}`;
      messages.set(id, { id, body, visibleMs: clock.now() + delayS * 1000, receiveCount: 0 });
      return id;
    },
    async receive({ max, visibilityS }) {
      checkReceive({ max, visibilityS });
      const batch = [];
      for (const message of visible()) {
        if (batch.length === max) break;
        if (message.receiveCount >= maxReceives) {
          messages.delete(message.id);
          dead.push({ id: message.id, body: message.body });
          continue;
        }
        message.receiveCount++;
        message.visibleMs = clock.now() + visibilityS * 1000;
        const { id, body, receiveCount } = message;
        batch.push({ id, body, receiveCount, receipt: receiptOf(message) });
      }
      return batch;
    },
    async ack(receipt) {
      const message = delivered(receipt);
      if (message !== undefined) messages.delete(message.id);
    },
    async extend(receipt, visibilityS) {
      checkVisibility(visibilityS);
      const message = delivered(receipt);
      if (message === undefined) throw deliveryIsOver();
      message.visibleMs = clock.now() + visibilityS * 1000;
    },
    async depth() {
      const count = visible().length;
      return { visible: count, inFlight: messages.size - count, dead: dead.length };
    },
    dead: () => [...dead],
  };
}

/** Fisher and Yates. */
function shuffled<T>(items: T[], random: Random): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random.fraction() * (i + 1));
    const [a, b] = [items[i], items[j]];
    if (a !== undefined && b !== undefined) {
      items[i] = b;
      items[j] = a;
    }
  }
  return items;
}
