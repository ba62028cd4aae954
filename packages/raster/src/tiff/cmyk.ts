import type { Layout } from './layout.ts';

/** Bands that a CMYK image is presented in: red, green, blue and an alpha that is opaque everywhere, as GDAL has it. */
export const CMYK_BANDS = 4;

/** True for 8-bit CMYK (PhotometricInterpretation 5), whose inks are converted as libtiff's RGBA interface does. */
export function isCmyk({ photometric, bits, compression }: Layout): boolean {
  return photometric === 5 && bits === 8 && compression !== 6 && compression !== 7 && compression !== 50001;
}

/** One of red, green, blue from its ink and black, both 0 to 255: `(255 - black) * (255 - ink) / 255`, cut to a whole number. */
export function inkToLight(ink: Uint8Array, black: Uint8Array): Uint8Array {
  const out = new Uint8Array(ink.length);
  for (let at = 0; at < out.length; at++) {
    out[at] = ((255 - (black[at] as number)) * (255 - (ink[at] as number))) / 255;
  }
  return out;
}
