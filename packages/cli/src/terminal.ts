import pc from 'picocolors';

export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export type Env = Readonly<Record<string, string | undefined>>;

export type Colors = ReturnType<typeof pc.createColors>;

/** The world of a command: where its answer goes, where progress goes, when to stop. */
export interface Terminal {
  /** The answer, and nothing else. */
  readonly stdout: TextStream;
  /** Progress and complaints. */
  readonly stderr: TextStream;
  readonly env: Env;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  now(): number;
  /** @throws SwathError LimitExceeded; without a limit, that of a request specification. */
  readStdin(limitBytes?: number): Promise<string>;
}

/** Colour only on a terminal that has it, and never against NO_COLOR (no-color.org). */
export function hasColor(stream: TextStream, env: Env): boolean {
  const no = env['NO_COLOR'];
  return stream.isTTY === true && (no === undefined || no === '') && env['TERM'] !== 'dumb';
}

export function colorsFor(stream: TextStream, env: Env): Colors {
  return pc.createColors(hasColor(stream, env));
}

/** 24-bit colour, which pictures need; terminals say so in COLORTERM. */
export function hasTrueColor(stream: TextStream, env: Env): boolean {
  return hasColor(stream, env) && /truecolor|24bit/i.test(env['COLORTERM'] ?? '');
}

// Control characters but tab and newline, and those that reorder the text around them.
const CONTROL = /(?![\t\n])[\p{Cc}\p{Bidi_Control}]/gu;

/** Text from elsewhere without anything that could move the cursor, recolour or reorder what is around it. */
export function plain(text: string): string {
  return text.replaceAll(CONTROL, '�');
}

/** Resolves when the signal is aborted. */
export function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
