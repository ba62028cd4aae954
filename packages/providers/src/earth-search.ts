import type { Provider } from '@swath/ports';
import type { HttpDeps } from './http/client.ts';
import { stacApiProvider } from './stac-api/provider.ts';

export const earthSearchUrl = 'https://earth-search.aws.element84.com/v1';

/**
 * Earth Search v1 by Element 84: Sentinel-2, Sentinel-1, Landsat, NAIP and Copernicus DEM on AWS, without a key.
 * Its quirks are met where they arise: paging with `merge: false` and an empty last page (stac-api/paging.ts), the
 * offset that is stated and already applied (radiometry.ts of @swath/stac), `red` and `red-jp2` (find-band.ts there).
 */
export function earthSearch(deps: HttpDeps & { readonly url?: string } = {}): Provider {
  return stacApiProvider({
    ...deps,
    id: 'earth-search',
    url: deps.url ?? earthSearchUrl,
    title: 'Earth Search',
  });
}
