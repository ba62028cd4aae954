import type { OpenImage, RasterImage } from '../image.ts';

/** Images of one piece of work: each opened once, when first needed, and all closed together. */
export interface ImageSet {
  open(href: string): Promise<RasterImage>;
  close(): Promise<void>;
}

export function createImageSet(openImage: OpenImage, signal: AbortSignal | undefined): ImageSet {
  const images = new Map<string, Promise<RasterImage>>();
  return {
    open(href) {
      const known = images.get(href);
      if (known !== undefined) return known;
      const opening = openImage(href, signal);
      images.set(href, opening);
      return opening;
    },
    async close() {
      const opened = await Promise.allSettled(images.values());
      await Promise.all(
        opened.map((image) => (image.status === 'fulfilled' ? image.value.close() : undefined)),
      );
    },
  };
}
