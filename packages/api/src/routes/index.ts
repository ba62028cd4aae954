import type { Route } from '../route.ts';
import { aoiRoutes } from './aois.ts';
import { deviceSignInRoutes } from './device-sign-in.ts';
import { documentRoutes } from './document.ts';
import { healthRoutes } from './health.ts';
import { indexRoutes } from './indices.ts';
import { landingRoutes } from './landing.ts';
import { mapLinkRoutes } from './map-links.ts';
import { openeoCapabilityRoutes } from './openeo-capabilities.ts';
import { openeoJobTableRoutes } from './openeo-job-table.ts';
import { openeoJobRoutes } from './openeo-jobs.ts';
import { openeoProcessRoutes } from './openeo-processes.ts';
import { pictureRoutes } from './pictures.ts';
import { providerRoutes } from './providers.ts';
import { eventRoutes } from './request-events.ts';
import { requestRoutes } from './requests.ts';
import { resultRoutes } from './results.ts';
import { searchRoutes } from './search.ts';
import { stacCollectionRoutes } from './stac-collections.ts';
import { stacSearchRoutes } from './stac-search.ts';
import { statisticsRoutes } from './statistics.ts';
import { uploadRoutes } from './uploads.ts';
import { usageRoutes } from './usage.ts';

export { pictureRoutes };

/** The one table: routing, OpenAPI, the docs page and 405 answers are made from it. */
export const routes: readonly Route[] = [
  ...landingRoutes(() => routes),
  ...requestRoutes,
  ...eventRoutes,
  ...resultRoutes,
  ...statisticsRoutes,
  ...usageRoutes,
  ...aoiRoutes,
  ...uploadRoutes,
  ...pictureRoutes,
  ...mapLinkRoutes,
  ...providerRoutes,
  ...stacCollectionRoutes,
  ...stacSearchRoutes,
  ...openeoCapabilityRoutes,
  ...openeoProcessRoutes,
  ...openeoJobRoutes,
  ...openeoJobTableRoutes,
  ...deviceSignInRoutes,
  ...searchRoutes,
  ...indexRoutes,
  ...healthRoutes,
  ...documentRoutes(() => routes),
];
