import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { SWATH_VERSION, SwathError } from '@swath/core';
import { tokenLines } from './auth.ts';
import { type Client, makeClient, type Request, type Results } from './client.ts';
import { submit } from './commands/submit.ts';
import { urlFlag } from './context.ts';
import { assetNames, type Downloaded, downloadAll, planDownloads, safeSegment } from './download.ts';
import { type ExitCode, exitCode } from './exit.ts';
import { PICTURE_COLUMNS } from './limits.ts';
import { failureText } from './render/request.ts';
import { bestProduct } from './render/results.ts';
import { showText } from './render/show.ts';
import { colorsFor, hasTrueColor, stopped, type Terminal } from './terminal.ts';
import type { LocalServer, Tools } from './tools.ts';
import { exitOf, watchRequest } from './watch.ts';

export interface ShowOptions {
  readonly dataFolder: string;
  readonly port: number;
  readonly catalogue?: string;
  readonly auth: 'machine' | 'token';
  readonly origins?: readonly string[];
  /** `exit`: stop when the request is done. `stay`: keep serving until Ctrl-C. */
  readonly afterwards: 'exit' | 'stay';
}

export type ShowTools = Pick<Tools, 'startLocal' | 'terminalPicture' | 'firstRequest'>;

/** The date worth showing as a picture, where the terminal has the colours for it. */
async function pictureOf(
  spec: Request['spec'],
  results: Results,
  files: readonly Downloaded[],
  terminal: Terminal,
  tools: ShowTools,
): Promise<{ readonly text: string; readonly label: string } | undefined> {
  const best = bestProduct(results.products);
  const cog = files.find((file) => file.label === best?.label && file.asset === 'cog');
  if (best === undefined || cog === undefined || !hasTrueColor(terminal.stdout, terminal.env))
    return undefined;
  const columns = Math.min(PICTURE_COLUMNS, (terminal.stdout.columns ?? 80) - 4);
  const text = await tools.terminalPicture(cog.path, { spec, columns, signal: terminal.signal });
  return { text, label: best.label };
}

async function tellResults(
  client: Client,
  request: Request,
  options: ShowOptions,
  terminal: Terminal,
  tools: ShowTools,
  tookMs: number,
): Promise<void> {
  const results = await client.getResults(request.id);
  const folder = join(resolve(options.dataFolder), 'shown', safeSegment(request.id));
  const plan = planDownloads(results, folder, assetNames);
  const files = await downloadAll(client, plan, terminal.signal, () => undefined);
  const picture = await pictureOf(request.spec, results, files, terminal, tools);
  const input = {
    request,
    results,
    files,
    folder,
    picture: picture?.text,
    pictureLabel: picture?.label,
    url: client.url,
    urlFlag: urlFlag(client.url, terminal.env),
    stays: options.afterwards === 'stay',
    tookMs,
  };
  terminal.stdout.write(`\n${showText(input, colorsFor(terminal.stdout, terminal.env))}\n`);
}

/** A line at the start, in the middle and at the end. */
export function sampleProgress(terminal: Terminal): (done: number, total: number) => void {
  return (done, total) => {
    if (done === 0)
      terminal.stderr.write(`Making the sample catalogue, once: ${total} dates of an invented valley\n`);
    else if (done === total || done === Math.ceil(total / 2))
      terminal.stderr.write(`  ${done} of ${total} dates\n`);
  };
}

/** Order one request and tell how it went. */
async function firstRun(
  { url, tokens }: LocalServer,
  options: ShowOptions,
  terminal: Terminal,
  tools: ShowTools,
): Promise<ExitCode> {
  const colors = colorsFor(terminal.stderr, terminal.env);
  const client = makeClient({
    url,
    signal: terminal.signal,
    ...(tokens === undefined ? {} : { token: tokens.requester }),
  });
  const spec = await tools.firstRequest(options.catalogue);
  const startedMs = terminal.now();
  const accepted = await submit(client, spec, randomUUID(), terminal.signal);
  terminal.stderr.write(`Request ${colors.bold(accepted.id)}: ${url}/requests/${accepted.id}\n`);
  const request = await watchRequest(client, accepted.id, terminal);
  const tookMs = terminal.now() - startedMs;
  if (request.results.length > 0) await tellResults(client, request, options, terminal, tools, tookMs);
  if (request.failure !== null) terminal.stderr.write(`\n${failureText(request.failure, colors)}\n`);
  else if (request.results.length === 0) {
    throw new SwathError('Bug', `The request is ${request.state} without a result and without a reason.`);
  }
  return exitOf(request);
}

/** `npm start`: all of Swath on this machine, a first request through all of it, what came out; then it stays up. */
export async function runShow(options: ShowOptions, terminal: Terminal, tools: ShowTools): Promise<ExitCode> {
  const colors = colorsFor(terminal.stderr, terminal.env);
  terminal.stderr.write(
    `${colors.bold(`Swath ${SWATH_VERSION}`)}: starting in ${resolve(options.dataFolder)}\n`,
  );
  const server = await tools.startLocal({
    dataFolder: options.dataFolder,
    port: options.port,
    auth: options.auth,
    ...(options.origins === undefined ? {} : { origins: options.origins }),
    onSampleProgress: sampleProgress(terminal),
    ...(options.catalogue === undefined ? {} : { catalogue: options.catalogue }),
  });
  try {
    const exit = await firstRun(server, options, terminal, tools);
    if (options.afterwards === 'exit') return exit;
    terminal.stdout.write(`\nSwath stays up at ${server.url} until Ctrl-C.\n`);
    for (const line of tokenLines(server.tokens)) terminal.stdout.write(`${line}\n`);
    await stopped(terminal.signal);
    return exitCode.ok;
  } finally {
    await server.stop();
  }
}
