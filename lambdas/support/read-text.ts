import { SwathError } from '@swath/core';
import { httpTransport } from '@swath/http';
import { MAX_ITEM_BYTES } from './limits.ts';

/**
 * Reads documents by https from public hosts, with the guards of image reading: addresses checked after resolution
 * and at each redirect, bytes counted.
 *
 * @throws SwathError InvalidInput for other addresses, LimitExceeded, NotFound, Unavailable.
 */
export function httpsReader(): (
  address: string,
  options: { readonly signal?: AbortSignal },
) => Promise<string> {
  const transport = httpTransport({});
  return async (address, { signal }) => {
    const source = transport.source(address);
    try {
      const sizeBytes = await source.size(signal);
      if (sizeBytes > MAX_ITEM_BYTES) {
        throw new SwathError(
          'LimitExceeded',
          `${source.name} has ${sizeBytes} bytes; at most ${MAX_ITEM_BYTES}.`,
        );
      }
      const bytes = await source.read(0, sizeBytes, signal);
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new SwathError('Corrupt', `${source.name} is not UTF-8 text.`, { cause: error });
    } finally {
      await source.close();
    }
  };
}
