import type { OpenImage } from '@swath/raster';
import { readOverview, renderThumbnail } from '@swath/raster';
import type { ProductPlan, RequestPlan } from '@swath/requests';
import { THUMBNAIL_SIDE_PIXELS } from '../limits.ts';
import { pictureStyle } from './picture-style.ts';

/**
 * PNG of a product's COG, at most 512 pixels a side. Three bands are shown as red, green and blue; otherwise the
 * first band through a colour ramp.
 */
export async function drawThumbnail(input: {
  readonly plan: RequestPlan;
  readonly product: ProductPlan;
  /** The product's COG. */
  readonly path: string;
  readonly open: OpenImage;
  readonly signal?: AbortSignal;
}): Promise<Uint8Array> {
  const { product, signal } = input;
  const image = await input.open(input.path, signal);
  try {
    const small = await readOverview(image, {
      bands: product.work.outputs.length >= 3 ? [1, 2, 3] : [1],
      maxSide: THUMBNAIL_SIDE_PIXELS,
      ...(signal === undefined ? {} : { signal }),
    });
    return await renderThumbnail({ ...small, ...pictureStyle(input.plan.spec), format: 'png' });
  } finally {
    await image.close();
  }
}
