import type { GraphNode } from '../graph/model.ts';
import { literalOf } from './read-arguments.ts';
import { cannotPlan } from './refuse.ts';

/** The pixels of a request, as far as a graph says. */
export interface PlannedGrid {
  readonly crs?: string;
  /** In units of the CRS. */
  readonly resolution?: number;
  readonly resampling: string;
}

const resamplings: Readonly<Record<string, string>> = { near: 'nearest' };

/** What `resample_spatial` asks for. @throws SwathError Unsupported for what no request has. */
export function gridOf(node: GraphNode): PlannedGrid {
  const [resolution, projection, method] = ['resolution', 'projection', 'method'].map((name) =>
    literalOf(node, name),
  );
  if (Array.isArray(resolution))
    throw cannotPlan(node, 'asks for pixels that are not square', 'Give one resolution.');
  // What clients say when nobody said anything: the grid is then laid as requests lay it.
  if (!['upper-left', null].includes(literalOf(node, 'align') as string | null))
    throw cannotPlan(node, 'aligns the grid', 'Leave "align" out.');
  const asked = typeof method === 'string' ? method : 'near';
  return {
    ...(typeof projection === 'number'
      ? { crs: `EPSG:${projection}` }
      : typeof projection === 'string'
        ? { crs: projection }
        : {}),
    ...(typeof resolution === 'number' && resolution > 0 ? { resolution } : {}),
    resampling: resamplings[asked] ?? asked,
  };
}
