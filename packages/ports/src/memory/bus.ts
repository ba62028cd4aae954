import type { Bus, BusEvent } from '../others.ts';

export interface MemoryBus extends Bus {
  /** Everything published so far, in order, repeats included. */
  readonly events: readonly BusEvent[];
  /** Called once per event, after it is in `events`. @returns a function that ends the subscription. */
  subscribe(listener: (event: BusEvent) => void): () => void;
}

export function memoryBus(): MemoryBus {
  const events: BusEvent[] = [];
  const listeners = new Set<(event: BusEvent) => void>();
  return {
    events,
    async publish(published) {
      for (const event of published) {
        const copy = structuredClone(event);
        events.push(copy);
        for (const listener of listeners) listener(copy);
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
