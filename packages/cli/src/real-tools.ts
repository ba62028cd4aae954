import { resolve } from 'node:path';
import type { RasterInfoOptions, Tools } from './tools.ts';

/** A path as an absolute one; URLs as they are. */
function hrefOf(file: string): string {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(file) ? file : resolve(file);
}

async function rasterInfo(file: string, { checksum }: RasterInfoOptions) {
  const raster = await import('@swath/raster');
  // The user names the address himself: his own machine and network are his to read.
  const open = raster.imageOpener({ files: true, allowHttp: true });
  try {
    return { ...(await raster.rasterInfo(hrefOf(file), open, { checksum })) };
  } finally {
    await open.close();
  }
}

/** The real things behind the commands, each loaded when it is first needed. */
export const realTools = { rasterInfo } as unknown as Tools;
