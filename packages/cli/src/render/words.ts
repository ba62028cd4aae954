/** Numbers and times as people read them. */

export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  if (value < 1e6) return `${(value / 1e3).toFixed(0)} kB`;
  return value < 1e9 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e9).toFixed(2)} GB`;
}

export function percent(value: number | null): string {
  return value === null ? '-' : value.toFixed(1);
}

export function decimal(value: number | null): string {
  return value === null ? '-' : Math.abs(value) >= 1000 ? value.toFixed(0) : value.toFixed(3);
}

export function seconds(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  return `${minutes} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** `2024-06-01T10:20:30.123Z` as `2024-06-01 10:20:30`. */
export function moment(iso: string | null): string {
  return iso === null ? '-' : iso.replace('T', ' ').replace(/(?:\.\d+)?Z$/, '');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
