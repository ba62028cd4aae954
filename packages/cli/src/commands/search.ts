import { writeFile } from 'node:fs/promises';
import { searchBody } from '@swath/api/schemas/index';
import { SwathError } from '@swath/core';
import { scenesText } from '../render/request.ts';
import { addPlaceFlags, parseNumber, readAoi, type SpecFlags } from '../spec-input.ts';
import type { AddCommand } from './command.ts';

interface SearchFlags extends SpecFlags {
  readonly stac?: string;
  readonly limit: number;
  readonly parquet?: string;
}

/** `swath search` */
export const addSearch: AddCommand = (program, bind) => {
  addPlaceFlags(
    program
      .command('search')
      .description('scenes of a provider of the server, or of any STAC API')
      .option('--stac <url>', 'ask this STAC API directly, without a server')
      .option('--limit <n>', 'at most this many scenes', parseNumber, 50)
      .option('--parquet <file>', 'write the Items as STAC GeoParquet, with --stac'),
  ).action(
    bind<[SearchFlags]>(async (context, flags) => {
      const { aoi, datetime, provider, collection, maxCloud, limit, stac } = flags;
      const fields = {
        provider,
        collections: collection,
        aoi: aoi === undefined ? undefined : await readAoi(aoi, context.terminal),
        datetime,
        maxCloudCoverPercent: maxCloud,
        limit,
      };
      const body = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
      if (stac === undefined && flags.parquet !== undefined) {
        throw new SwathError('InvalidInput', 'Only Items of a STAC API can be written as Parquet.', {
          fix: 'Name the API with --stac, such as --stac https://earth-search.aws.element84.com/v1.',
        });
      }
      if (stac === undefined) {
        const scenes = await context.client().search(body);
        context.answer(scenes, () => scenesText(scenes, context.colors));
        return undefined;
      }
      const { signal } = context.terminal;
      const query = parseQuery(body);
      if (flags.parquet !== undefined) {
        const { items, scenes } = await context.tools.searchItems(stac, query, signal);
        await writeFile(flags.parquet, await context.tools.stacGeoparquet(items));
        const answer = { file: flags.parquet, items: items.length, truncated: scenes.truncated };
        const more = scenes.truncated ? '; there are more: raise --limit' : '';
        context.answer(answer, () => `${items.length} Items in ${answer.file}${more}`);
        return undefined;
      }
      const scenes = await context.tools.searchStac(stac, query, signal);
      context.answer(scenes, () => scenesText(scenes, context.colors));
      return undefined;
    }),
  );
};

/** @throws SwathError InvalidInput */
function parseQuery(body: unknown) {
  const query = searchBody.safeParse(body);
  if (query.success) return query.data;
  const issue = query.error.issues[0];
  throw new SwathError('InvalidInput', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`, {
    fix: 'See "npx swath search --help".',
  });
}
