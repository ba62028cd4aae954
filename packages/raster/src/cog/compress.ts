import { promisify } from 'node:util';
import { constants, deflate } from 'node:zlib';

const deflateAsync = promisify(deflate);

/**
 * Level of zlib. After the predictor raster noise has few matches, so 6 costs a quarter more time than 1 and
 * saves about 3 % on uint16 reflectance (75 against 60 MB/s a core).
 */
const LEVEL = 6;

/** A zlib stream (RFC 1950) of the bytes, made in libuv's pool. The only place that knows how tiles are compressed. */
export async function compressTile(bytes: Uint8Array): Promise<Uint8Array> {
  return deflateAsync(bytes, { level: LEVEL, memLevel: constants.Z_MAX_MEMLEVEL });
}
