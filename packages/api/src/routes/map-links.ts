import { MAP_LINK_HOURS_DEFAULT, MAP_LINK_HOURS_MAX } from '@swath/requests/limits';
import * as z from 'zod';
import { CONTENT_KEY, templateOf } from '../pictures/addresses.ts';
import { noSuchResult } from '../pictures/own.ts';
import { HttpError } from '../problem.ts';
import { type Call, defineRoute, type Route } from '../route.ts';
import { resultParams } from './tiles.ts';

/** Before the paths of pictures that are asked for by a link. */
const PREFIX = '/maps';

const mapLinkBody = z
  .strictObject({
    label: resultParams.shape.label
      .optional()
      .describe('For addresses of one result: its label, or the id of an Item.'),
    hours: z.number().positive().max(MAP_LINK_HOURS_MAX).default(MAP_LINK_HOURS_DEFAULT),
  })
  .meta({ id: 'MapLinkInput' });

const mapLink = z
  .object({
    link: z.string().describe('The secret in these addresses; it is told this once.'),
    expires: z.string().describe('RFC 3339 instant.'),
    wmts: z.string().describe('For QGIS, ArcGIS and GDAL.'),
    tilejson: z.string().describe('With {label} in it, unless a label was named.'),
    tiles: z.string().describe('XYZ template for QGIS, Leaflet and MapLibre.'),
  })
  .meta({ id: 'MapLink' });

/** The same words for images that are not there and for those of others. @throws SwathError NotFound. */
async function checkOwnImages({ deps, identity }: Call, images: string): Promise<void> {
  const isOwn = CONTENT_KEY.test(images)
    ? await deps.mayRead(identity.project, images)
    : (await deps.catalogue.ownCollections(identity.project)).some(({ id }) => id === images);
  if (!isOwn) throw noSuchResult();
}

function linksOf({ deps }: Call) {
  if (deps.mapLinks !== undefined) return deps.mapLinks;
  throw new HttpError('NotFound', 'Links to maps are not made at this address.');
}

export const mapLinkRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/tiles/{contentKey}/links',
    operationId: 'createMapLink',
    tag: 'Pictures',
    summary: 'Addresses of maps for programs that send no header',
    description:
      'QGIS XYZ layers, Leaflet, ArcGIS: whoever has the address sees the pictures of this request, or of this collection of the project itself, and nothing else, until it expires.',
    auth: 'requester',
    params: z.object({ contentKey: resultParams.shape.contentKey }),
    body: mapLinkBody,
    example: { label: '2024-06-07', hours: 24 },
    answer: { status: 201, description: 'The addresses.', schema: mapLink },
    problems: [404, 413, 415],
    async handle({ params: { contentKey: images }, body: { label, hours } }, call) {
      await checkOwnImages(call, images);
      const { project, user } = call.identity;
      const { token, expires } = await linksOf(call).make({ project, images, user }, hours);
      const at = (rest: string) => {
        const template = templateOf(
          `${call.baseUrl}${PREFIX}`,
          { contentKey: images, label: label ?? '{label}' },
          rest,
          { link: token },
        );
        return template.replace('%7Blabel%7D', '{label}');
      };
      const whole = CONTENT_KEY.test(images) && label === undefined;
      return {
        value: {
          link: token,
          expires,
          wmts: whole ? `${call.baseUrl}${PREFIX}/tiles/${images}/wmts?link=${token}` : at('wmts'),
          tilejson: at('tilejson.json'),
          tiles: at('{z}/{x}/{y}.png'),
        },
      };
    },
  }),
];

/** One answer for links that were never made, are over, or open something else. */
const closed = () =>
  new HttpError('Forbidden', 'The link opens nothing, or no longer.', {
    fix: 'Make a new one: POST /tiles/{contentKey}/links.',
  });

/**
 * The route for who has a link instead of a token: he is a viewer of the project for the pictures that the link is for, and
 * addresses in the answer go by the link, too.
 */
export function byLink(route: Route): Route {
  const { query = z.strictObject({}), problems = [] } = route;
  return {
    ...route,
    path: `${PREFIX}${route.path}`,
    operationId: `${route.operationId}ByLink`,
    summary: `${route.summary}, by a link`,
    auth: 'public',
    query: query.extend({ link: z.string().min(1).max(200).describe('Of POST /tiles/{contentKey}/links.') }),
    problems: [...problems, 403],
    async run(params, call) {
      const url = new URL(call.request.url);
      const tokens = url.searchParams.getAll('link');
      const [token = ''] = tokens;
      const opened = tokens.length === 1 ? await linksOf(call).open(token) : undefined;
      if (opened === undefined || opened.images !== params['contentKey']) throw closed();
      url.searchParams.delete('link');
      return await route.run(params, {
        ...call,
        request: new Request(url, call.request),
        identity: { project: opened.project, roles: ['viewer'] },
        baseUrl: `${call.baseUrl}${PREFIX}`,
        carried: { link: token },
      });
    },
  };
}
