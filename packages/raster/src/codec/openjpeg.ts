import { createRequire } from 'node:module';
import { SwathError } from '@swath/core';
import * as z from 'zod';

/** The part of the WebAssembly module that we use (its package has no types). */
interface J2kDecoder {
  getEncodedBuffer(bytes: number): Uint8Array;
  decode(): void;
  getFrameInfo(): unknown;
  getDecodedBuffer(): Uint8Array;
  delete(): void;
}
interface OpenJpeg {
  readonly J2KDecoder: new () => J2kDecoder;
}

const frameSchema = z.object({
  width: z.number(),
  height: z.number(),
  bitsPerSample: z.number(),
  componentCount: z.number(),
  isSigned: z.boolean(),
});

let loading: Promise<OpenJpeg> | undefined;

/** Compiles the module once, at the first JPEG 2000 file (8 ms). It is CommonJS. */
function openJpeg(): Promise<OpenJpeg> {
  loading ??= createRequire(import.meta.url)('@cornerstonejs/codec-openjpeg/decodewasmjs')({
    // The library reports warnings of broken streams on the console; the error that follows is what counts.
    print: () => {},
    printErr: () => {},
  }) as Promise<OpenJpeg>;
  return loading;
}

/** What the header said, which the decoder must agree with. */
export interface J2kShape {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly bits: number;
  readonly signed: boolean;
}

/**
 * A whole codestream or JP2 file as interleaved samples: 1 byte each up to 8 bits, else 2 (host order).
 * @throws SwathError Corrupt. After a failure the module is loaded anew: its memory is not trusted any more.
 */
export async function decodeJ2k(encoded: Uint8Array, shape: J2kShape): Promise<Uint8Array> {
  const module = await openJpeg();
  const decoder = new module.J2KDecoder();
  try {
    decoder.getEncodedBuffer(encoded.length).set(encoded);
    decoder.decode();
    const frame = frameSchema.parse(decoder.getFrameInfo());
    const bytes = decoder.getDecodedBuffer();
    const expected = shape.width * shape.height * shape.components * (shape.bits <= 8 ? 1 : 2);
    if (
      frame.width !== shape.width ||
      frame.height !== shape.height ||
      frame.componentCount !== shape.components ||
      bytes.length !== expected
    ) {
      throw new SwathError(
        'Corrupt',
        `the codestream decodes to ${frame.width} x ${frame.height} x ${frame.componentCount} (${bytes.length} bytes), it must be ${shape.width} x ${shape.height} x ${shape.components} (${expected} bytes)`,
      );
    }
    return new Uint8Array(bytes);
  } catch (cause) {
    loading = undefined;
    if (cause instanceof SwathError) throw cause;
    throw new SwathError('Corrupt', 'the JPEG 2000 codestream is broken', { cause });
  } finally {
    decoder.delete();
  }
}
