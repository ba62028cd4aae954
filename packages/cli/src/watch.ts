import type { Client, Request } from './client.ts';
import type { Context } from './context.ts';
import { urlFlag } from './context.ts';
import { type ExitCode, exitCode } from './exit.ts';
import { follow } from './follow.ts';
import { PLAIN_LINE_MS, REDRAW_MS } from './limits.ts';
import { nothingSeen, plainLine, progressLines, type Seen, see } from './render/progress.ts';
import { colorsFor, type Terminal } from './terminal.ts';

/** Draws on stderr what is seen: redrawn lines on a terminal, else a line on change, at most one a second. */
export interface ProgressView {
  show(seen: Seen): void;
  /** Draws the last state and leaves it there. */
  finish(seen: Seen): void;
}

export function progressView(terminal: Terminal): ProgressView {
  return terminal.stderr.isTTY === true ? redrawnView(terminal) : plainView(terminal);
}

function redrawnView({ stderr, env, now }: Terminal): ProgressView {
  const colors = colorsFor(stderr, env);
  let drawn = 0;
  let drawnMs = Number.NEGATIVE_INFINITY;
  const draw = (seen: Seen) => {
    const lines = progressLines(seen, now(), colors);
    // Up over what was drawn, then each line to its end.
    const up = drawn === 0 ? '' : `\u001b[${drawn}A`;
    stderr.write(`${up}${lines.map((line) => `\u001b[2K${line}\n`).join('')}\u001b[0J`);
    drawn = lines.length;
    drawnMs = now();
  };
  return {
    show(seen) {
      if (now() - drawnMs >= REDRAW_MS) draw(seen);
    },
    finish: draw,
  };
}

function plainView({ stderr, now }: Terminal): ProgressView {
  let said = '';
  let saidMs = Number.NEGATIVE_INFINITY;
  const say = (seen: Seen) => {
    const line = seen.progress === undefined ? '' : plainLine(seen.progress);
    if (line === '' || line === said) return;
    stderr.write(`${line}\n`);
    said = line;
    saidMs = now();
  };
  return {
    show(seen) {
      if (now() - saidMs >= PLAIN_LINE_MS) say(seen);
    },
    finish: say,
  };
}

/** Follows a request on stderr until it is final. @throws Cancelled on Ctrl-C: the request goes on without us. */
export async function watchRequest(client: Client, id: string, terminal: Terminal): Promise<Request> {
  const view = progressView(terminal);
  let seen = nothingSeen;
  // A terminal shows time passing, also while there is no news.
  const timer = terminal.stderr.isTTY === true ? setInterval(() => view.show(seen), REDRAW_MS) : undefined;
  try {
    for await (const news of follow(client, id, terminal.signal)) {
      seen = see(seen, news);
      if (news.kind !== 'event') view.show(seen);
    }
    view.finish(seen);
  } finally {
    clearInterval(timer);
  }
  return client.getRequest(id);
}

/** Exit code of a command that waited for the end of a request. Partly done is not what was asked for. */
export function exitOf(request: Request): ExitCode {
  return request.state === 'succeeded' ? exitCode.ok : exitCode.failed;
}

/** What to type to pick up a request that was left alone. */
export function resumeHint(context: Context, id: string): string {
  return `Detached; the request goes on. Follow it again with: npx swath watch ${id}${urlFlag(context.url, context.terminal.env)}`;
}
