import type { Route } from '../route.ts';
import { previewRoutes } from './preview.ts';
import { tileRoutes } from './tiles.ts';
import { wmtsRoutes } from './wmts.ts';

/** What the image handler serves alone: `/tiles/...` and `/preview`. */
export const pictureRoutes: readonly Route[] = [...tileRoutes, ...wmtsRoutes, ...previewRoutes];
