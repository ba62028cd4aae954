import * as z from 'zod';

// Answers of the API and the command, as far as tests look at them.

export const requestView = z.looseObject({
  id: z.string(),
  state: z.string(),
  failure: z.unknown().optional(),
});
export const listView = z.looseObject({ requests: z.array(requestView) });
export const resultsView = z.looseObject({
  products: z.array(
    z.looseObject({
      label: z.string(),
      sha256: z.string(),
      assets: z.record(z.string(), z.looseObject({ href: z.string(), sha256: z.string() })),
    }),
  ),
});

export const fetchedView = z.looseObject({
  files: z.array(
    z.looseObject({ path: z.string(), asset: z.string(), sha256: z.string(), status: z.string() }),
  ),
});

export const statisticsView = z.looseObject({
  rows: z.array(z.looseObject({ zone: z.string(), count: z.number(), mean: z.number().nullable() })),
});

export const tileJson = z.looseObject({
  tiles: z.array(z.string()),
  center: z.tuple([z.number(), z.number(), z.int()]),
});
