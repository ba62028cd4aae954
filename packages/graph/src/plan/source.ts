import type { GraphNode } from '../graph/model.ts';
import { cloudCoverOf, literalOf } from './read-arguments.ts';
import { cannotPlan } from './refuse.ts';

/** What a node loads, as a request names it. */
export type Source = { readonly collections: readonly string[] } | { readonly items: readonly string[] };

/** Nodes that a graph of imagery begins with. */
export const isLoad = ({ processId }: GraphNode): boolean =>
  processId === 'load_collection' || processId === 'load_stac';

const ownCollection = /^\/collections\/([^/?#]+)\/?$/;
const anItem = /^https?:\/\/[^?#]+(\/items\/[^/?#]+|\.json|\.geojson)$/i;

/**
 * The collection of load_collection; of load_stac the collection of our own catalogue, whose URL the API has made relative
 * (`/collections/sample-s2-l2a`), or a single STAC Item elsewhere, which is read under the rules for Items of requests.
 * @throws SwathError Unsupported for other catalogues, which are registered as providers first.
 */
export function sourceOf(node: GraphNode): Source {
  if (node.processId === 'load_collection') return { collections: [String(literalOf(node, 'id'))] };
  const url = String(literalOf(node, 'url'));
  const own = ownCollection.exec(url)?.[1];
  if (own !== undefined) return { collections: [nameIn(own, node)] };
  if (!anItem.test(url))
    throw cannotPlan(
      node,
      'loads from a catalogue that is not registered here',
      'Use the URL of a collection of this API, the URL of one STAC Item, or a collection that GET /collections lists.',
    );
  if (literalOf(node, 'temporal_extent') !== null || cloudCoverOf(node) !== undefined)
    throw cannotPlan(node, 'limits a single Item', 'Leave temporal_extent and properties out.');
  return { items: [url] };
}

function nameIn(path: string, node: GraphNode): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    if (!(cause instanceof URIError)) throw cause;
    throw cannotPlan(node, 'has a URL that is not well formed', 'Write it as GET /collections does.');
  }
}
