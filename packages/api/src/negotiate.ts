/**
 * Weight (0 to 1) a media type gets from an Accept header: the most specific range wins (RFC 9110, 12.5.1).
 * No header accepts everything.
 */
function weight(accept: string | null, type: string): number {
  if (accept === null || accept.trim() === '') return 1;
  const [main] = type.split('/');
  let best = { specificity: -1, q: 0 };
  for (const range of accept.split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const specificity = name === type ? 2 : name === `${main}/*` ? 1 : name === '*/*' ? 0 : -1;
    if (specificity <= best.specificity) continue;
    const q = Number(parameters.find((p) => p.startsWith('q='))?.slice(2) ?? '1');
    best = { specificity, q: Number.isFinite(q) ? q : 0 };
  }
  return best.q;
}

/** JSON is the answer unless the client likes another type better and says so. */
export function prefers(request: Request, type: 'text/html' | 'text/event-stream' | 'text/csv'): boolean {
  const accept = request.headers.get('accept');
  if (accept === null || !accept.toLowerCase().includes(type)) return false;
  return weight(accept, type) >= Math.max(weight(accept, 'application/json'), Number.MIN_VALUE);
}
