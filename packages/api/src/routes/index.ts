import type { Route } from '../route.ts';
import { documentRoutes } from './document.ts';
import { healthRoutes } from './health.ts';
import { indexRoutes } from './indices.ts';
import { landingRoutes } from './landing.ts';
import { providerRoutes } from './providers.ts';
import { eventRoutes } from './request-events.ts';
import { requestRoutes } from './requests.ts';
import { resultRoutes } from './results.ts';
import { searchRoutes } from './search.ts';
import { stacCollectionRoutes } from './stac-collections.ts';
import { stacSearchRoutes } from './stac-search.ts';

/** The one table: routing, OpenAPI, the docs page and 405 answers are made from it. */
export const routes: readonly Route[] = [
  ...landingRoutes,
  ...requestRoutes,
  ...eventRoutes,
  ...resultRoutes,
  ...providerRoutes,
  ...stacCollectionRoutes,
  ...stacSearchRoutes,
  ...searchRoutes,
  ...indexRoutes,
  ...healthRoutes,
  ...documentRoutes(() => routes),
];
