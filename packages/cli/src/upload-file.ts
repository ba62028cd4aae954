import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSwathError, SwathError } from '@swath/core';
import type { Client, Upload } from './client.ts';
import { UPLOAD_CONCURRENCY, UPLOAD_POLL_MS, UPLOAD_ROUNDS, UPLOAD_TRIES } from './limits.ts';

/** What is said of files besides what they say themselves. */
export interface UploadWords {
  readonly collection: string;
  readonly datetime: string;
  readonly bands?: readonly { readonly name: string }[];
  readonly nodata?: number | 'nan';
  readonly scale?: number;
  readonly offset?: number;
  readonly title?: string;
}

export interface UploadHooks {
  readonly signal: AbortSignal;
  /** Told after each part. */
  readonly progress: (sentBytes: number, sizeBytes: number) => void;
  /** A line for people. */
  readonly say: (line: string) => void;
}

type Part = Awaited<ReturnType<Client['linkUploadParts']>>['parts'][number];

/** @throws SwathError NotFound, or InvalidInput for what is no file or has nothing in it. */
export async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause;
    throw new SwathError('NotFound', `There is no file ${path}.`, { fix: 'Check its name.', cause });
  });
  if (found.isFile() && found.size > 0) return;
  throw new SwathError('InvalidInput', `${path} is ${found.isFile() ? 'empty' : 'no file'}.`, {
    fix: 'Name GeoTIFFs, one or more.',
  });
}

/**
 * Brings one file: hashed first, then sent in parts, several at once, each again when it fails. An upload of the same
 * file into the same collection that somebody broke off is gone on with: only what is missing is sent.
 * @returns the upload, being checked.
 */
export async function sendFile(
  client: Client,
  path: string,
  words: UploadWords,
  hooks: UploadHooks,
): Promise<Upload> {
  const { size } = await stat(path);
  const sha256 = await hashOf(path, hooks.signal);
  const spec = { ...words, fileName: basename(path), sizeBytes: size, sha256 };
  const known = await findOpen(client, spec);
  if (known !== undefined) hooks.say(`Going on with upload ${known.id}`);
  const begun = known === undefined ? await client.beginUpload(spec) : undefined;
  const id = known?.id ?? begun?.id ?? '';
  const file = await open(path, 'r');
  try {
    let links = begun?.parts ?? (await client.linkUploadParts(id)).parts;
    for (let round = 0; links.length > 0; round++) {
      if (round > UPLOAD_ROUNDS) {
        throw new SwathError('Unavailable', 'Parts that were sent do not arrive.', {
          fix: 'Run the same command again: it goes on where this one stopped.',
        });
      }
      let missing = links.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      await each(links, UPLOAD_CONCURRENCY, async (part) => {
        await sendPart(client, id, file, part, {
          ...hooks,
          partSizeBytes: (known ?? begun)?.partSizeBytes ?? 0,
        });
        missing -= part.sizeBytes;
        hooks.progress(size - missing, size);
      });
      links = (await client.linkUploadParts(id)).parts;
    }
  } finally {
    await file.close();
  }
  return await client.completeUpload(id);
}

/** Looks until the file is checked. */
export async function awaitCheck(client: Client, id: string, signal: AbortSignal): Promise<Upload> {
  for (;;) {
    const upload = await client.getUpload(id);
    if (upload.state !== 'checking') return upload;
    await sleep(UPLOAD_POLL_MS, undefined, { signal });
  }
}

async function findOpen(
  client: Client,
  spec: { readonly fileName: string; readonly sizeBytes: number; readonly sha256: string } & UploadWords,
): Promise<Upload | undefined> {
  const { uploads } = await client.listUploads();
  return uploads.find(
    (one) =>
      (one.state === 'waiting' || one.state === 'uploading') &&
      one.fileName === spec.fileName &&
      one.sizeBytes === spec.sizeBytes &&
      one.sha256 === spec.sha256 &&
      one.collection === spec.collection,
  );
}

/** A link that has expired is asked for anew. */
async function sendPart(
  client: Client,
  id: string,
  file: FileHandle,
  { part, sizeBytes, url }: Part,
  { signal, partSizeBytes }: { readonly signal: AbortSignal; readonly partSizeBytes: number },
): Promise<void> {
  const body = new Uint8Array(sizeBytes);
  const { bytesRead } = await file.read(body, 0, sizeBytes, (part - 1) * partSizeBytes);
  if (bytesRead < sizeBytes) throw new SwathError('Conflict', 'The file became shorter while it was sent.');
  let link = url;
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.putPart(link, body);
    } catch (error) {
      const ends = attempt >= UPLOAD_TRIES || signal.aborted || !isSwathError(error, 'Unavailable');
      if (ends) throw error;
      await sleep(UPLOAD_POLL_MS * 2 ** attempt, undefined, { signal });
      link = (await client.linkUploadParts(id, [part])).parts[0]?.url ?? link;
    }
  }
}

async function hashOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { signal })) hash.update(piece);
  return hash.digest('hex');
}

/** As many at once as allowed; the first failure stops the others from beginning. */
async function each<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) {
      try {
        await work(item);
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}
