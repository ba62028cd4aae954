import { contentHash, isSwathError, SwathError } from '@swath/core';
import type { ObjectInfo, Objects } from '@swath/ports';
import type { ByteSource } from '@swath/raster';
import type { Scene, SceneAsset } from '@swath/stac';
import { COPY_PART_BYTES, COPY_TRIES } from '../limits.ts';
import { checksumCheck } from './checksum.ts';

export interface Copied {
  readonly key: string;
  readonly info: ObjectInfo;
  readonly warnings: readonly string[];
}

/** Where the copy of an asset lives: the same for every request that needs this version of it. */
export function rawKey(scene: Scene, asset: SceneAsset): string {
  const identity = contentHash({
    provider: scene.provider,
    collection: scene.collection,
    id: scene.id,
    version: scene.version,
    asset: asset.key,
    href: asset.href.replace(/[?#].*$/, ''),
    checksum: asset.checksum ?? null,
  });
  return `scenes/${slug(scene.collection || 'items')}/${slug(scene.id)}/${slug(asset.key)}-${identity.slice(0, 32)}`;
}

/**
 * Brings an asset's bytes into the raw bucket, unless an earlier request did. Bytes are checked while they stream
 * (length, size and checksum of the Item); what fails is never readable under the key.
 *
 * @throws SwathError Corrupt after a second try, and whatever the source throws.
 */
export async function copyAsset(
  scene: Scene,
  asset: SceneAsset,
  openSource: (href: string) => Promise<ByteSource>,
  raw: Objects,
  signal?: AbortSignal,
): Promise<Copied> {
  const key = rawKey(scene, asset);
  const warnings =
    checksumCheck(asset.checksum) === undefined
      ? ['the Item has no checksum we can compute; the origin is unverified.']
      : [];
  for (let tries = 1; ; tries++) {
    const kept = await raw.head(key);
    if (kept !== undefined) return { key, info: kept, warnings };
    const source = await openSource(asset.href);
    try {
      const info = await raw.put(key, checkedBytes(source, asset, signal), {
        ifAbsent: true,
        contentType: 'application/octet-stream',
        ...(signal === undefined ? {} : { signal }),
      });
      return { key, info, warnings };
    } catch (error) {
      // Conflict: another request was faster; its copy passed the same checks.
      const again = isSwathError(error, 'Conflict') || isSwathError(error, 'Corrupt');
      if (!again || tries >= COPY_TRIES) throw error;
    } finally {
      await source.close();
    }
  }
}

async function* checkedBytes(
  source: ByteSource,
  asset: SceneAsset,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const sizeBytes = await source.size(signal);
  const fail = (why: string) => new SwathError('Corrupt', `Asset ${asset.key} (${source.name}): ${why}.`);
  if (asset.sizeBytes !== undefined && asset.sizeBytes !== sizeBytes) {
    throw fail(`${sizeBytes} bytes, the Item says ${asset.sizeBytes}`);
  }
  const check = checksumCheck(asset.checksum);
  for (let offset = 0; offset < sizeBytes; ) {
    const length = Math.min(COPY_PART_BYTES, sizeBytes - offset);
    const bytes = await source.read(offset, length, signal);
    if (bytes.length !== length) throw fail(`${bytes.length} of ${length} bytes came at offset ${offset}`);
    check?.update(bytes);
    offset += length;
    yield bytes;
  }
  const mismatch = check?.mismatch();
  if (mismatch !== undefined) throw fail(mismatch);
}

/** Keys are built from ids, which may hold anything: only plain characters go through. */
function slug(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, 120) || '_';
}
