import { SwathError } from '@swath/core';
import type { Zone } from '@swath/geo';
import type { Objects } from '@swath/ports';
import type { CheckedSpec } from '../check/check-spec.ts';
import { storedZones } from '../check/zones.ts';
import type { RequestDeps } from '../deps.ts';
import { readDocument, writeDocument } from '../documents.ts';
import { zonesKey } from '../names.ts';

/**
 * Puts the zones of a request where its jobs find them, before the request is accepted. Written again each time, so that
 * they live as long as the newest request that has them.
 * @throws SwathError NotFound when the request names zones of an earlier one that are not there any more.
 */
export async function keepZones(
  deps: Pick<RequestDeps, 'work'>,
  project: string,
  { spec, zones }: CheckedSpec,
): Promise<void> {
  const stored = storedZones(spec);
  if (stored === undefined) return;
  const key = zonesKey(project, stored.sha256);
  if (zones !== null) return await writeDocument(deps.work, key, zones);
  if ((await deps.work.head(key)) !== undefined) return;
  throw new SwathError('NotFound', 'The zones of that request are not kept any more.', {
    pointer: '/zones',
    fix: 'Send the FeatureCollection again.',
  });
}

/**
 * The zones of a request that was accepted.
 * @throws SwathError NotFound when they are not kept any more: as long as manifests are, since the newest request with them;
 *   Corrupt.
 */
export async function readZones(work: Objects, project: string, sha256: string): Promise<readonly Zone[]> {
  const zones = await readDocument(work, 'zones', zonesKey(project, sha256));
  if (zones !== undefined) return zones;
  throw new SwathError('NotFound', 'The zones of that request are not kept any more.', {
    fix: 'Ask for the same once more; starting a job again does.',
  });
}
