import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SwathError } from '@swath/core';
import type { Client, Results } from './client.ts';
import { DOWNLOAD_CONCURRENCY } from './limits.ts';

export const assetNames = ['cog', 'thumbnail', 'item', 'statistics'] as const;
export type AssetName = (typeof assetNames)[number];

export interface Download {
  readonly label: string;
  readonly asset: AssetName;
  /** Path under the folder. */
  readonly path: string;
  readonly href: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

export interface Downloaded extends Omit<Download, 'href'> {
  readonly status: 'downloaded' | 'present';
}

/** A name from the server as one segment of a path that cannot leave its folder. */
export function safeSegment(name: string): string {
  const safe = name.replaceAll(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '_');
  return safe === '' ? '_' : safe;
}

/** What there is to fetch. @throws NotFound when a file is gone. */
export function planDownloads(
  results: Results,
  folder: string,
  wanted: readonly AssetName[],
): readonly Download[] {
  return results.products.flatMap((product) =>
    wanted.map((asset) => {
      const { href, sizeBytes, sha256 } = product.assets[asset];
      if (sizeBytes === null || sha256 === null) {
        throw new SwathError('NotFound', `The ${asset} of ${product.label} is gone: its retention is over.`, {
          fix: 'Submit the request again.',
        });
      }
      const file = safeSegment(decodeURIComponent(new URL(href).pathname.split('/').at(-1) ?? asset));
      return {
        label: product.label,
        asset,
        path: join(folder, safeSegment(product.label), file),
        href,
        sizeBytes,
        sha256,
      };
    }),
  );
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

const isWhole = async (path: string, { sizeBytes, sha256 }: Download) =>
  (await sizeOf(path)) === sizeBytes && (await sha256Of(path)) === sha256;

/** Fetches what is missing of `<path>.part`, from where an earlier run stopped. */
async function fetchPart(
  client: Client,
  download: Download,
  part: string,
  signal: AbortSignal,
): Promise<void> {
  const have = (await sizeOf(part)) ?? 0;
  const resumes = have > 0 && have < download.sizeBytes;
  const response = await client.open(download.href, resumes ? { Range: `bytes=${have}-` } : {});
  if (response.body === null) throw new SwathError('Unavailable', `${download.path}: the answer is empty.`);
  const flags = resumes && response.status === 206 ? 'a' : 'w';
  await pipeline(Readable.fromWeb(response.body), createWriteStream(part, { flags }), { signal });
}

async function fetchOne(client: Client, download: Download, signal: AbortSignal): Promise<Downloaded> {
  const { href: _href, ...facts } = download;
  if (await isWhole(download.path, download)) return { ...facts, status: 'present' };
  await mkdir(join(download.path, '..'), { recursive: true });
  const part = `${download.path}.part`;
  // A wrong part is thrown away and fetched once more from its start.
  for (const last of [false, true]) {
    await fetchPart(client, download, part, signal);
    if (await isWhole(part, download)) {
      await rename(part, download.path);
      return { ...facts, status: 'downloaded' };
    }
    await rm(part, { force: true });
    if (last) break;
  }
  throw new SwathError('Corrupt', `${download.path} does not have the sha256 the server names.`, {
    fix: 'Try again; if it stays so, report it with the request id.',
  });
}

/** Fetches all, a few at a time; files that are there and equal are left alone. `told` hears of each as it is done. */
export async function downloadAll(
  client: Client,
  downloads: readonly Download[],
  signal: AbortSignal,
  told: (done: Downloaded) => void,
): Promise<readonly Downloaded[]> {
  const done: Downloaded[] = new Array(downloads.length);
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < downloads.length; i = next++) {
      const download = downloads[i];
      if (download === undefined) return;
      const one = await fetchOne(client, download, signal);
      done[i] = one;
      told(one);
    }
  };
  const workers = Array.from({ length: Math.min(DOWNLOAD_CONCURRENCY, downloads.length) }, worker);
  // One that fails does not cut off the others: what they fetched is there for the next run.
  const failed = (await Promise.allSettled(workers)).find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return done;
}
