import { type Received, searchBody } from '@swath/api/schemas/index';
import { SwathError } from '@swath/core';
import type { Context } from '../context.ts';
import { SEARCH_SCENES } from '../limits.ts';
import { scenesText } from '../render/request.ts';
import { addPlaceFlags, parseNumber, readAoi, type SpecFlags } from '../spec-input.ts';
import type { AddCommand } from './command.ts';

interface SearchFlags extends SpecFlags {
  readonly stac?: string;
  readonly limit?: number;
  readonly parquet?: string;
}

type Search = Received<typeof searchBody>;

/** `swath search` */
export const addSearch: AddCommand = (program, bind) => {
  addPlaceFlags(
    program
      .command('search')
      .description('scenes of a provider of the server, or of any STAC API')
      .option('--stac <url>', 'ask this STAC API directly, without a server')
      .option(
        '--limit <n>',
        `at most this many scenes (default: ${SEARCH_SCENES}, with --parquet all)`,
        parseNumber,
      )
      .option('--parquet <file>', 'write the Items as STAC GeoParquet; --collection results: your own'),
  ).action(
    bind<[SearchFlags]>(async (context, flags) => {
      const { aoi, datetime, provider, collection, maxCloud, stac } = flags;
      const area = aoi === undefined ? undefined : await readAoi(aoi, context.terminal);
      if (stac !== undefined && typeof area === 'string') throw storedElsewhere(area);
      const fields = {
        provider,
        collections: collection,
        aoi: area,
        datetime,
        maxCloudCoverPercent: maxCloud,
      };
      const body = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
      if (flags.parquet !== undefined) {
        await writeParquet(context, parseQuery(body), flags.parquet, flags);
        return undefined;
      }
      const limited = { ...body, limit: flags.limit ?? SEARCH_SCENES };
      const scenes =
        stac === undefined
          ? await (await context.client()).search(limited)
          : await context.tools.searchStac(stac, parseQuery(limited), context.terminal.signal);
      context.answer(scenes, () => scenesText(scenes, context.colors));
      return undefined;
    }),
  );
};

async function writeParquet(
  context: Context,
  query: Search,
  file: string,
  { stac, limit }: SearchFlags,
): Promise<void> {
  const { tools, terminal } = context;
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) {
    throw new SwathError('InvalidInput', `--limit ${limit} is no number of scenes.`, {
      fix: 'Leave it out for all of them.',
    });
  }
  const items =
    stac === undefined
      ? await tools.serverItems(await context.client(), query)
      : await tools.stacItems(stac, query, terminal.signal);
  const written = await tools.writeItems(items, file, {
    ...(limit === undefined ? {} : { most: limit }),
    onProgress: (count) => context.say(`${count} Items`),
  });
  const more = written.truncated ? '; there are more: raise --limit, or narrow the search' : '';
  context.answer({ file, ...written }, () => `${written.items} Items in ${file}${more}`);
}

/** Areas are stored by the server, which other APIs are asked without. */
const storedElsewhere = (id: string) =>
  new SwathError('InvalidInput', `There is no file "${id}", and an area that is stored needs the server.`, {
    pointer: '/aoi',
    fix: `Check the path, or write the area to a file: npx swath aois show ${id} --json > ${id}.geojson`,
  });

/** @throws SwathError InvalidInput */
function parseQuery(body: unknown): Search {
  const query = searchBody.safeParse(body);
  if (query.success) return query.data;
  const issue = query.error.issues[0];
  throw new SwathError('InvalidInput', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`, {
    fix: 'See "npx swath search --help".',
  });
}
