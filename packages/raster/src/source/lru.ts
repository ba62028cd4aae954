/** Least recently used first out, bounded by the sum of weights. */
export interface Lru<V> {
  get(key: string): V | undefined;
  set(key: string, value: V, weight: number): void;
  delete(key: string): void;
  /** Lets it hold so much from now on, if that is more than before. */
  raise(budget: number): void;
  readonly size: number;
}

/** A value heavier than the whole budget is not kept. */
export function lru<V>(firstBudget: number, dropped: (value: V) => void = () => {}): Lru<V> {
  const entries = new Map<string, { value: V; weight: number }>();
  let budget = firstBudget;
  let total = 0;
  const remove = (key: string): void => {
    const entry = entries.get(key);
    if (entry === undefined) return;
    entries.delete(key);
    total -= entry.weight;
    dropped(entry.value);
  };
  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value, weight) {
      remove(key);
      if (weight > budget) return;
      entries.set(key, { value, weight });
      total += weight;
      for (const oldest of entries.keys()) {
        if (total <= budget) break;
        remove(oldest);
      }
    },
    delete: remove,
    raise(wanted) {
      budget = Math.max(budget, wanted);
    },
    get size() {
      return entries.size;
    },
  };
}
