import type { Operation } from './requests.ts';

export interface Line {
  readonly operation: string;
  readonly calls: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Times and failures of a run, in memory: 60 s at 2,000 calls/s are 120,000 numbers. */
export function measure() {
  const times = new Map<Operation, number[]>();
  const failures: string[] = [];
  return {
    took(operation: Operation, ms: number) {
      const known = times.get(operation);
      if (known === undefined) times.set(operation, [ms]);
      else known.push(ms);
    },
    failed(what: string) {
      failures.push(what);
    },
    failures,
    lines(): readonly Line[] {
      const all = [...times].sort(([a], [b]) => (a < b ? -1 : 1));
      // A stream lasts as long as what it follows: its time says nothing of the server.
      const answered = all.flatMap(([operation, values]) => (operation === 'follow' ? [] : values));
      return [
        ...all.map(([operation, values]) => lineOf(operation, values)),
        lineOf('all answers', answered),
      ];
    },
  };
}

function lineOf(operation: string, values: readonly number[]): Line {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { operation, calls: values.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: sorted.at(-1) ?? 0 };
}
