import { createHash } from 'node:crypto';
import type { JobDefinitionName } from '@swath/ports';
import { DUE_SHARDS, JOB_SHARES } from './limits.ts';

/** Names of jobs and keys of objects. All are made of ids of ours, never of user text. */

export const stages = ['acquire', 'process', 'publish'] as const satisfies readonly JobDefinitionName[];
export type Stage = (typeof stages)[number];

const jobNamePattern = /^([0-9a-f-]{36})-([1-9][0-9]{0,3})-(acquire|process|publish)$/;

/** The idempotency token of a submission, and what late events are matched by. */
export const jobName = (requestId: string, attempt: number, stage: Stage): string =>
  `${requestId}-${attempt}-${stage}`;

/** @returns undefined for jobs that are not Swath's. */
export function parseJobName(
  name: string,
): { readonly requestId: string; readonly attempt: number; readonly stage: Stage } | undefined {
  const match = jobNamePattern.exec(name);
  const stage = stages.find((known) => known === match?.[3]);
  if (match?.[1] === undefined || match[2] === undefined || stage === undefined) return undefined;
  return { requestId: match[1], attempt: Number(match[2]), stage };
}

/** Prefix of everything the jobs of one attempt write. */
export const stagingPrefix = (requestId: string, attempt: number): string =>
  `staging/${requestId}/${attempt}/`;

export const reportKeys = {
  acquire: (staging: string): string => `${staging}acquire.json`,
  chunk: (staging: string, chunk: number): string => `${staging}chunk-${chunk}.json`,
  publish: (staging: string): string => `${staging}publish.json`,
} as const;

/** Documents of the machine itself, in the work bucket. */
export const documentKeys = {
  scenes: (requestId: string, attempt: number): string => `manifests/${requestId}/${attempt}/scenes.json`,
  plan: (requestId: string, attempt: number): string => `manifests/${requestId}/${attempt}/plan.json`,
  manifest: (requestId: string, attempt: number, stage: Stage): string =>
    `manifests/${requestId}/${attempt}/${stage}.json`,
} as const;

/**
 * Zones of a request, in the work bucket: by project, so that a checksum opens nobody else's, and by content.
 * @param sha256 of the ids and geometries.
 */
export const zonesKey = (project: string, sha256: string): string =>
  `manifests/zones/${createHash('sha256').update(project).digest('hex').slice(0, 32)}/${sha256}.json`;

/** A table that an openEO job asked for, in the work bucket: by what it is made of. */
export const tableKey = (hash: string, name: string): string => `manifests/tables/${hash}/${name}`;

/** Spreads rows over the partitions of the due index; the same id always falls into the same one. */
export function shardOf(id: string): number {
  return createHash('sha256').update(id).digest().readUInt16BE(0) % DUE_SHARDS;
}

/** The share of machines that jobs of a project count against; two projects may meet in one. */
export function shareOfProject(project: string): string {
  return `share${createHash('sha256').update(project).digest().readUInt16BE(0) % JOB_SHARES}`;
}
