import { isAbsolute, resolve } from 'node:path';
import { localRuntime } from './local-runtime.ts';
import { prepareShortRun } from './short-run.ts';
import type { PictureOptions, RasterInfoOptions, RunOptions, Tools } from './tools.ts';

/** A path as an absolute one; URLs as they are. */
function hrefOf(file: string): string {
  return isAbsolute(file) || /^[a-z][a-z0-9+.-]+:\/\//i.test(file) ? file : resolve(file);
}

/** The user names addresses himself: his own machine and network are his to read. */
const ownMachine = { allowHttp: true } as const;

async function rasterInfo(file: string, { checksum }: RasterInfoOptions) {
  const raster = await import('@swath/raster');
  const open = raster.imageOpener({ ...ownMachine, files: true });
  try {
    return { ...(await raster.rasterInfo(hrefOf(file), open, { checksum })) };
  } finally {
    await open.close();
  }
}

async function terminalPicture(cogPath: string, { spec, columns, signal }: PictureOptions): Promise<string> {
  const { imageOpener, readOverview, renderRgba, terminalPicture: draw } = await import('@swath/raster');
  const { pictureStyle } = await import('@swath/products/publish/picture-style');
  const { requestSpec } = await import('@swath/requests');
  const open = imageOpener({ files: true });
  try {
    const image = await open(cogPath, signal);
    const bands = image.info.bands.length >= 3 ? [1, 2, 3] : [1];
    const small = await readOverview(image, { bands, maxSide: columns, signal });
    await image.close();
    const rgba = renderRgba({ ...small, ...pictureStyle(requestSpec.parse(spec)) });
    return draw(rgba, small.width, small.height, columns).trimEnd();
  } finally {
    await open.close();
  }
}

const searchStac: Tools['searchStac'] = async (url, query, signal) => {
  const { searchScenes } = await import('@swath/api');
  const { stacApiProvider } = await import('@swath/providers');
  return searchScenes(stacApiProvider({ id: 'stac', url, title: url }), query, signal);
};

const stacItems: Tools['stacItems'] = async (url, query, signal) => {
  const { sceneQueryOf } = await import('@swath/api');
  const { stacApiItems } = await import('@swath/providers');
  return stacApiItems({ id: 'stac', url, title: url }, sceneQueryOf(query, signal));
};

const serverItems: Tools['serverItems'] = async (client, query) =>
  (await import('./server-items.ts')).serverItems(client, query);

const writeItems: Tools['writeItems'] = async (items, path, options) =>
  (await import('@swath/analytics/stac/geoparquet')).writeStacGeoparquet(items, path, options);

async function runSpec(spec: unknown, { out, base, signal, progress }: RunOptions) {
  // Its threads start before the rest of the package is loaded.
  const products = await import('@swath/products/run/run-spec');
  let said = '';
  return products.runSpec({
    spec,
    baseFolder: base,
    outDir: out,
    read: ownMachine,
    signal,
    onProgress({ stage, done, total }) {
      if (stage === 'process' && done === 1) prepareShortRun();
      const line = `${stage} ${done} of ${total}`;
      if (line !== said) progress(line);
      said = line;
    },
  });
}

const openSql: Tools['openSql'] = async (place) => {
  if (place.kind === 'athena') return (await import('@swath/aws/athena')).athenaEngine(place);
  const { openLocalTables, tablesFolder } = await import('@swath/analytics/duckdb/engine');
  return openLocalTables(tablesFolder(place.dataFolder));
};

const exportPostgres: Tools['exportPostgres'] = async (place, options) => {
  const { exportToPostgres } = await import('@swath/analytics/postgres/export');
  const from = await openSql(place);
  try {
    return await exportToPostgres({ ...options, from, nowMs: Date.now() });
  } finally {
    await from.close();
  }
};

const checkAccount: Tools['checkAccount'] = async (deployment, configFile) => {
  const { configOf, jobVcpus, readConfigFile } = await import('../../../lib/config.ts');
  const wanted = jobVcpus(configOf(deployment.stage, readConfigFile(resolve(configFile))));
  const account = await import('@swath/aws/account/index');
  const { checkContainerEngine } = await import('./container-engine.ts');
  const [engine, checks] = await Promise.all([
    checkContainerEngine(process.env),
    account.checkAccount(account.accountClients(), deployment, wanted),
  ]);
  return [...checks, engine];
};

const destroyStage: Tools['destroyStage'] = async (options) => {
  const account = await import('@swath/aws/account/index');
  const { setTimeout: sleep } = await import('node:timers/promises');
  const { cloudFormation } = account.accountClients();
  return account.destroyStage({
    ...options,
    cloudFormation,
    sleep: (ms) => sleep(ms, undefined, { signal: options.signal }),
  });
};

/** The real things behind the commands, each loaded when it is first needed. */
export const realTools: Tools = {
  ...localRuntime,
  rasterInfo,
  terminalPicture,
  searchStac,
  stacItems,
  serverItems,
  writeItems,
  runSpec,
  openSql,
  exportPostgres,
  sqlCatalogue: async () => (await import('@swath/analytics/sql/catalogue')).sqlCatalogue,
  checkAccount,
  destroyStage,
  indices: async (word) => (await import('@swath/api')).findIndices(word),
};
