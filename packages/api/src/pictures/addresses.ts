/** What a request's results lie under. */
export const CONTENT_KEY = /^[0-9a-f]{64}$/;

/** A picture's query, as its schema lets it through. */
export type DrawQuery = Readonly<Record<string, string | readonly string[] | undefined>>;

/** `a=1&b=2`, lists as repeats; empty without any. */
export function drawQueryText(query: DrawQuery): string {
  const out = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of typeof value === 'string' ? [value] : value) out.append(name, one);
  }
  return out.toString();
}

/** Path of what belongs to a result's pictures. */
export const picturePath = (contentKey: string, name: string, rest: string): string =>
  `/tiles/${encodeURIComponent(contentKey)}/${encodeURIComponent(name)}/${rest}`;

/** Address of a result's pictures with a query; braces in `rest` stay, for templates. */
export function templateOf(
  baseUrl: string,
  { contentKey, label }: { readonly contentKey: string; readonly label: string },
  rest: string,
  query: DrawQuery,
): string {
  const text = drawQueryText(query);
  return `${baseUrl}${picturePath(contentKey, label, rest)}${text === '' ? '' : `?${text}`}`;
}

/** Which result an object under `results/` belongs to: its content key, and its name in addresses of pictures. */
export function resultOfKey(key: string): { readonly contentKey: string; readonly name: string } {
  const [, contentKey = '', ...rest] = key.split('/');
  return { contentKey, name: rest.slice(0, -1).join('~') };
}
