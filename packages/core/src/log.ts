/**
 * Keys are `Noun:Verb:Outcome` (`Request:Order:Claimed`). Fields never hold secrets, signed URLs or geometry.
 * Powertools' Logger (Lambda), the local runtime and tests each have an adapter.
 */
export interface Logger {
  info(key: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(key: string, fields?: Readonly<Record<string, unknown>>): void;
  error(key: string, fields?: Readonly<Record<string, unknown>>): void;
}

export const silentLogger: Logger = { info() {}, warn() {}, error() {} };

/** One JSON object a line on `write`; what Batch containers and the local runtime use. */
export function jsonLogger(write: (line: string) => void, now: () => number): Logger {
  const log =
    (level: string) =>
    (key: string, fields: Readonly<Record<string, unknown>> = {}) =>
      write(`${JSON.stringify({ level, time: new Date(now()).toISOString(), key, ...fields })}\n`);
  return { info: log('info'), warn: log('warn'), error: log('error') };
}
