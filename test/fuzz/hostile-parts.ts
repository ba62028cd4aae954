import { type BuilderImage, type BuilderTag, imageTags } from './tiff-builder.ts';

export const PIXELS = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

/** A right 4 x 2 image of bytes in one strip, with tags that replace or join the standard ones. */
export function grey(...more: BuilderTag[]): BuilderImage {
  return { tags: imageTags({ width: 4, height: 2 }, more), blocks: [PIXELS] };
}
export const tag = (number: number, type: number, ...values: number[]): BuilderTag => ({
  tag: number,
  type,
  values,
});

/** The offset of the first IFD of a small classic file. */
export const firstIfd = (bytes: Uint8Array, le = true): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, le);
