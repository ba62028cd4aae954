/**
 * The document with URLs of our own collections in `load_stac` made relative: processes know no address of ours, and jobs that
 * are kept stay right when it changes.
 * @param body as it came, not deeper than the door lets through.
 */
export function withOwnStac(body: unknown, baseUrl: string): unknown {
  const own = `${baseUrl}/collections/`;
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    const isLoad = 'process_id' in value && value.process_id === 'load_stac';
    const entries = Object.entries(value).map(([key, item]: [string, unknown]) => [
      key,
      isLoad && key === 'arguments' ? relative(walk(item)) : walk(item),
    ]);
    return Object.fromEntries(entries);
  };
  const relative = (args: unknown): unknown => {
    if (typeof args !== 'object' || args === null || !('url' in args)) return args;
    const { url } = args;
    return typeof url === 'string' && url.startsWith(own)
      ? { ...args, url: url.slice(baseUrl.length) }
      : args;
  };
  return walk(body);
}
