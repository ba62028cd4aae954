import { isSwathError, SwathError } from '@swath/core';
import type { Call } from '../route.ts';
import { CONTENT_KEY, resultOfKey } from './addresses.ts';
import { RESULT_NAME, type ResultImage } from './result-images.ts';
import type { PictureService } from './service.ts';
import { uploadImage } from './upload-images.ts';

/** The same words for what is not there and for what is not yours. */
export function noSuchResult(): SwathError {
  return new SwathError('NotFound', 'There is no such result.', {
    fix: 'GET /requests/{id}/results has the links. Results are deleted when their retention is over.',
  });
}

/** The same words for Items that are not there, not yours, or nothing to look at. */
function noSuchItem(): SwathError {
  return new SwathError('NotFound', 'The project has no such Item to be drawn.', {
    fix: 'GET /search lists its Items: results and uploads have pictures.',
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

/**
 * An image of the caller's project: a result by its content key and name, or what an Item of its own catalogue shows, by
 * collection and id.
 * @throws SwathError NotFound.
 */
export async function ownImage(call: Call, key: string, name: string): Promise<ResultImage> {
  return CONTENT_KEY.test(key) ? await ownResult(call, key, name) : await ownItemImage(call, key, name);
}

async function ownResult(call: Call, contentKey: string, name: string): Promise<ResultImage> {
  if (!RESULT_NAME.test(name)) throw noSuchResult();
  const { images } = picturesOf(call);
  await checkOwn(call, contentKey);
  return await images.open(contentKey, name).catch(insteadOfNotFound(noSuchResult));
}

async function ownItemImage(call: Call, collection: string, id: string): Promise<ResultImage> {
  const { ownItem: find, openScene } = picturesOf(call);
  const found = await find(call.identity.project, collection, id);
  const base = found?.base;
  if (found === undefined || base === undefined) throw noSuchItem();
  if (base.startsWith('uploads/')) {
    return await uploadImage({ ...found, base }, { collection, id, open: openScene }).catch(
      insteadOfNotFound(noSuchItem),
    );
  }
  const { contentKey, name } = resultOfKey(base);
  return await ownResult(call, contentKey, name);
}

const insteadOfNotFound = (other: () => SwathError) => (error: unknown) => {
  throw isSwathError(error, 'NotFound') ? other() : error;
};
