import type { Request, Results } from '../client.ts';
import type { Downloaded } from '../download.ts';
import { type Colors, plain } from '../terminal.ts';
import { pipelineTitle } from './request.ts';
import { datesTable, trendLine } from './results.ts';
import { plural, seconds } from './words.ts';

export interface ShowInput {
  readonly request: Request;
  readonly results: Results;
  /** Result files on this machine, as they were fetched. */
  readonly files: readonly Downloaded[];
  /** Picture of `pictureLabel` as text; undefined where the terminal cannot. */
  readonly picture: string | undefined;
  readonly pictureLabel: string | undefined;
  /** Folder of `files`. */
  readonly folder: string;
  readonly url: string;
  /** ` --url ...` when the address is not the usual one. */
  readonly urlFlag: string;
  /** False when the server ends with this output: nothing can be asked of it any more. */
  readonly stays: boolean;
  /** From submit to the last result. */
  readonly tookMs: number;
}

const indent = (text: string) =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');

/** What the first run ends with: what came out, where it is, what to try. */
export function showText(input: ShowInput, colors: Colors): string {
  const { request, results, files, picture, url } = input;
  const heading = (text: string) => colors.bold(text);
  const trend = trendLine(results.products);
  const how = request.reused ? 'were there already' : `made in ${seconds(input.tookMs)}`;
  const cogs = files.filter((f) => f.asset === 'cog');
  const first = results.products[0];
  return [
    heading(
      `${plain(pipelineTitle(request.spec))} on ${plural(results.products.length, 'date')}, clouds removed; ${how}`,
    ),
    '',
    indent(datesTable(results.products, colors)),
    ...(trend === '' ? [] : ['', indent(trend)]),
    ...(picture === undefined
      ? []
      : ['', indent(picture), indent(colors.dim(plain(input.pictureLabel ?? '')))]),
    ...results.warnings.map((w) => colors.yellow(`warning: ${plain(w)}`)),
    '',
    heading('Where it is'),
    ...cogs.map((f) => indent(f.path)),
    indent(`${colors.dim('page     ')} ${url}/requests/${request.id}`),
    ...(first === undefined ? [] : [indent(`${colors.dim('GeoTIFF  ')} ${first.assets.cog.href}`)]),
    ...(first === undefined ? [] : [indent(`${colors.dim('STAC Item')} ${first.assets.item.href}`)]),
    '',
    heading('Try next'),
    indent(`npx swath indices water`),
    indent(input.stays ? `npx swath show ${request.id}${input.urlFlag}` : 'npm start'),
    indent(`npx swath raster info ${cogs[0]?.path ?? 'FILE.tif'}`),
  ].join('\n');
}
