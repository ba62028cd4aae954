import type { PictureInput } from '@swath/raster';
import type { RequestSpec } from '@swath/requests';

/** Colour ramp and value range of a product's picture: those of its index, where it is one. */
export function pictureStyle(_spec: RequestSpec): Pick<PictureInput, 'ramp' | 'range'> {
  return {};
}
