import { searchBody } from '@swath/api/schemas/index';
import { SwathError } from '@swath/core';
import { scenesText } from '../render/request.ts';
import { addPlaceFlags, parseNumber, readAoi, type SpecFlags } from '../spec-input.ts';
import type { AddCommand } from './command.ts';

interface SearchFlags extends SpecFlags {
  readonly stac?: string;
  readonly limit: number;
}

/** `swath search` */
export const addSearch: AddCommand = (program, bind) => {
  addPlaceFlags(
    program
      .command('search')
      .description('scenes of a provider of the server, or of any STAC API')
      .option('--stac <url>', 'ask this STAC API directly, without a server')
      .option('--limit <n>', 'at most this many scenes', parseNumber, 50),
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
      let scenes: Awaited<ReturnType<typeof context.tools.searchStac>>;
      if (stac === undefined) scenes = await context.client().search(body);
      else {
        const query = searchBody.safeParse(body);
        if (!query.success) {
          const issue = query.error.issues[0];
          throw new SwathError(
            'InvalidInput',
            `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`,
            {
              fix: 'See "npx swath search --help".',
            },
          );
        }
        scenes = await context.tools.searchStac(stac, query.data, context.terminal.signal);
      }
      context.answer(scenes, () => scenesText(scenes, context.colors));
      return undefined;
    }),
  );
};
