/** Absolute URL of the next page; undefined on the last. */
export function nextPage(
  url: string,
  query: Readonly<Record<string, string | number | readonly string[] | undefined>>,
  cursor: string | undefined,
): string | undefined {
  if (cursor === undefined) return undefined;
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, cursor })) {
    if (Array.isArray(value)) for (const one of value) parameters.append(name, one);
    else if (value !== undefined) parameters.set(name, String(value));
  }
  return `${url}?${parameters}`;
}

/** RFC 8288 header for it. */
export function linkHeader(next: string | undefined): Record<string, string> {
  return next === undefined ? {} : { Link: `<${next}>; rel="next"` };
}
