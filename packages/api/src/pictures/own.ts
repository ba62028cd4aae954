import { isSwathError, SwathError } from '@swath/core';
import type { Call } from '../route.ts';
import type { ResultImage } from './result-images.ts';
import type { PictureService } from './service.ts';

/** The same words for what is not there and for what is not yours. */
export function noSuchResult(): SwathError {
  return new SwathError('NotFound', 'There is no such result.', {
    fix: 'GET /requests/{id}/results has the links. Results are deleted when their retention is over.',
  });
}

/** @throws SwathError NotFound where pictures are drawn by another part of the system. */
export function picturesOf({ deps }: Pick<Call, 'deps'>): PictureService {
  if (deps.pictures !== undefined) return deps.pictures;
  throw new SwathError('NotFound', 'Pictures are not drawn at this address.', {
    fix: 'Use the public address of the service, which leads to the image handler.',
  });
}

/** @throws SwathError NotFound, also for results of other projects. */
export async function checkOwn({ deps, identity }: Call, contentKey: string): Promise<void> {
  if (!(await deps.mayRead(identity.project, contentKey))) throw noSuchResult();
}

/** A result of the caller's project. @throws SwathError NotFound. */
export async function ownImage(call: Call, contentKey: string, name: string): Promise<ResultImage> {
  const { images } = picturesOf(call);
  await checkOwn(call, contentKey);
  try {
    return await images.open(contentKey, name);
  } catch (error) {
    throw isSwathError(error, 'NotFound') ? noSuchResult() : error;
  }
}
