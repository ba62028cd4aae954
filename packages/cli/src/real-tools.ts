import { resolve } from 'node:path';
import type { Tools } from './tools.ts';
export const realTools = {
  async rasterInfo(href: string, { checksum }: any) {
    const { imageOpener, rasterInfo } = await import('@swath/raster');
    const open = imageOpener({ files: true, allowHttp: true });
    try {
      return await rasterInfo(/^[a-z][a-z0-9+.-]*:\/\//i.test(href) ? href : resolve(href), open, {
        checksum,
      });
    } finally {
      await open.close();
    }
  },
} as unknown as Tools;
