import { resolvePipeline } from '@swath/graph/pipeline';
import type { PictureInput } from '@swath/raster';
import type { RequestSpec } from '@swath/requests';

/** Colour ramp and value range of a product's picture: those of its index, where it is one. */
export function pictureStyle(spec: RequestSpec): Pick<PictureInput, 'ramp' | 'range'> {
  const { ramp, range } = resolvePipeline(spec.pipeline);
  return { ramp, ...(range === null ? {} : { range: { min: range[0], max: range[1] } }) };
}
