import type { Route } from '../route.ts';
import { byLink } from './map-links.ts';
import { previewRoutes } from './preview.ts';
import { mapRoutes, tileRoutes } from './tiles.ts';
import { wmtsRoutes } from './wmts.ts';

/** What the image handler serves alone: `/tiles/...`, `/maps/tiles/...` and `/preview`. */
export const pictureRoutes: readonly Route[] = [
  ...tileRoutes,
  ...wmtsRoutes,
  ...previewRoutes,
  ...[...mapRoutes, ...wmtsRoutes].map(byLink),
];
