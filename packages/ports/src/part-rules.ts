import { SwathError } from '@swath/core';
import { maxPartBytes, maxUploadParts, minPartBytes } from './limits.ts';
import type { UploadedPart } from './part-uploads.ts';

/** @throws InvalidInput unless the number is 1 to 10,000 and the size 1 byte to 5 GiB. */
export function checkPart({ part, sizeBytes }: { readonly part: number; readonly sizeBytes: number }): void {
  if (!Number.isInteger(part) || part < 1 || part > maxUploadParts) {
    throw new SwathError('InvalidInput', `Part ${part}: parts are numbered 1 to ${maxUploadParts}.`);
  }
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 1 || sizeBytes > maxPartBytes) {
    throw new SwathError('InvalidInput', `A part has 1 to ${maxPartBytes} bytes, not ${sizeBytes}.`);
  }
}

/** ETags with or without their quotes are the same. */
export const bareEtag = (etag: string): string => etag.replace(/^W\//, '').replaceAll('"', '');

/**
 * The parts named, as they arrived, by number.
 * @throws InvalidInput when none is named, one twice, one is not there or another by now, or one but the last is small.
 */
export function partsToJoin(
  arrived: readonly UploadedPart[],
  named: readonly Pick<UploadedPart, 'part' | 'etag'>[],
): readonly UploadedPart[] {
  const sorted = [...named].sort((a, b) => a.part - b.part);
  if (sorted.length === 0) throw new SwathError('InvalidInput', 'An upload has at least one part.');
  return sorted.map(({ part, etag }, at) => {
    const found = arrived.find((one) => one.part === part);
    if (found === undefined || bareEtag(found.etag) !== bareEtag(etag) || sorted[at - 1]?.part === part) {
      throw new SwathError(
        'InvalidInput',
        `Part ${part} is not there, is named twice, or is another by now.`,
        {
          fix: 'Look at the parts that are there, and upload what is missing.',
        },
      );
    }
    if (at < sorted.length - 1 && found.sizeBytes < minPartBytes) {
      throw new SwathError(
        'InvalidInput',
        `Part ${part} has ${found.sizeBytes} bytes, below ${minPartBytes}.`,
      );
    }
    return found;
  });
}

/** The same words for uploads that never were, and for those that have ended. */
export function noSuchUpload(): SwathError {
  return new SwathError('NotFound', 'There is no such upload, or it has ended.');
}
