import { resolve } from 'node:path';
import { isSwathError, SwathError } from '@swath/core';
import type { Upload } from '../client.ts';
import type { Context } from '../context.ts';
import { exitCode } from '../exit.ts';
import { MAX_BAND_INDEX, PLAIN_LINE_MS } from '../limits.ts';
import { table } from '../render/table.ts';
import { plain } from '../terminal.ts';
import { awaitCheck, requireFile, sendFile, type UploadWords } from '../upload-file.ts';
import type { AddCommand } from './command.ts';

interface UploadFlags {
  readonly collection: string;
  readonly datetime: string;
  readonly band?: readonly string[];
  readonly nodata?: string;
  readonly scale?: string;
  readonly offset?: string;
  readonly title?: string;
}

const gather = (value: string, before: readonly string[] = []) => [...before, value];

/** `swath upload FILE...` */
export const addUpload: AddCommand = (program, bind) => {
  program
    .command('upload <file...>')
    .description('bring GeoTIFFs: checked, registered, and usable in requests with --provider uploads')
    .requiredOption('--collection <id>', 'collection of the project they go into')
    .requiredOption('--datetime <when>', 'when they were taken: 2024-06-01 or 2024-06-01T10:30:00Z')
    .option('--band <name=index>', 'name of a band, from 1; again for each', gather)
    .option('--nodata <value>', 'value of missing pixels (default: what the file says)')
    .option('--scale <number>', 'value = DN * scale + offset (default: what the file says, else 1)')
    .option('--offset <number>', 'see --scale (default: what the file says, else 0)')
    .option('--title <text>', 'what people call it')
    .action(
      bind<[string[], UploadFlags]>(async (context, files, flags) => {
        // All are looked at before the first is sent.
        const looked: { readonly path: string; readonly words: UploadWords }[] = [];
        for (const file of files) {
          const path = resolve(file);
          await requireFile(path);
          looked.push({ path, words: wordsOf(flags, await bandCountOf(path, flags)) });
        }
        const uploads: Upload[] = [];
        for (const { path, words } of looked) uploads.push(await one(context, path, words));
        context.answer(uploads, () => uploads.map(lineOf).join('\n'));
        return uploads.every(({ state }) => state === 'registered') ? undefined : exitCode.failed;
      }),
    );
};

async function one(context: Context, path: string, words: UploadWords): Promise<Upload> {
  const client = await context.client();
  const { signal } = context.terminal;
  let toldMs = 0;
  const sent = await sendFile(client, path, words, {
    signal,
    say: (line) => context.say(line),
    progress: (bytes, size) => {
      const nowMs = context.terminal.now();
      if (nowMs - toldMs < PLAIN_LINE_MS && bytes < size) return;
      toldMs = nowMs;
      context.say(`${Math.floor((100 * bytes) / size)} % of ${(size / 1e6).toFixed(1)} MB sent`);
    },
  });
  context.say('Checking the file');
  return await awaitCheck(client, sent.id, signal);
}

function lineOf({ id, fileName, state, item, refusal, notes, collection }: Upload): string {
  const name = plain(fileName);
  if (item !== null) {
    const use = `--provider uploads --collection ${collection}, or --item uploads:${collection}/${item.id}`;
    return [`${name} is registered: ${use}`, ...notes.map((note) => `  ${plain(note)}`)].join('\n');
  }
  return refusal === null
    ? `${name}: ${state} (upload ${id})`
    : `${name} is refused (${refusal.reason}): ${plain(refusal.message)}\n  ${plain(refusal.fix)}`;
}

/** Bands of the file, looked up when some are named: all have to be. */
async function bandCountOf(path: string, { band }: UploadFlags): Promise<number> {
  if (band === undefined) return 0;
  // Loaded when needed: a client starts faster without the reader.
  const { imageOpener } = await import('@swath/raster');
  const open = imageOpener({ files: true });
  try {
    const image = await open(path);
    await image.close();
    return image.info.bands.length;
  } catch (error) {
    if (!isSwathError(error, 'Corrupt') && !isSwathError(error, 'Unsupported')) throw error;
    throw new SwathError('InvalidInput', error.message, {
      fix: 'Upload a GeoTIFF: gdal_translate -of COG INPUT OUTPUT.tif makes one of nearly everything.',
      cause: error,
    });
  } finally {
    await open.close();
  }
}

function wordsOf(flags: UploadFlags, bandCount: number): UploadWords {
  const { collection, datetime, band, nodata, scale, offset, title } = flags;
  const names = Array.from({ length: bandCount }, (_, at) => `b${at + 1}`);
  for (const text of band ?? []) {
    const [, name, index] = /^([A-Za-z][A-Za-z0-9_]*)=([1-9]\d*)$/.exec(text) ?? [];
    if (name === undefined || Number(index) > Math.min(bandCount, MAX_BAND_INDEX)) {
      throw new SwathError('InvalidInput', `--band ${text} names no band; the file has ${bandCount}.`, {
        fix: 'Write --band red=1 --band nir=2, with indexes that the file has.',
      });
    }
    names[Number(index) - 1] = name;
  }
  return {
    collection,
    datetime,
    ...(band === undefined ? {} : { bands: names.map((name) => ({ name })) }),
    ...(nodata === undefined ? {} : { nodata: nodata === 'nan' ? 'nan' : numberOf('--nodata', nodata) }),
    ...(scale === undefined ? {} : { scale: numberOf('--scale', scale) }),
    ...(offset === undefined ? {} : { offset: numberOf('--offset', offset) }),
    ...(title === undefined ? {} : { title }),
  };
}

function numberOf(flag: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new SwathError('InvalidInput', `${flag} ${text} is no number.`, { fix: `Write ${flag} 0.0001.` });
}

/** `swath uploads` */
export const addUploads: AddCommand = (program, bind) => {
  const uploads = program.command('uploads').description('files that were brought');
  uploads
    .command('list', { isDefault: true })
    .description('the uploads of the project, newest first')
    .action(
      bind<[object]>(async (context) => {
        const { uploads: found } = await (await context.client()).listUploads();
        context.answer(found, () =>
          found.length === 0
            ? 'No uploads yet: swath upload <file> --collection <id> --datetime <when>'
            : table(
                [
                  { head: 'id' },
                  { head: 'state' },
                  { head: 'file' },
                  { head: 'MB', align: 'right' },
                  { head: 'item' },
                ],
                found.map((one) => [
                  context.colors.bold(one.id),
                  one.refusal === null ? one.state : `${one.state}: ${one.refusal.reason}`,
                  plain(one.fileName),
                  (one.sizeBytes / 1e6).toFixed(1),
                  one.item === null ? '' : `${one.item.collection}/${one.item.id}`,
                ]),
                context.colors,
              ),
        );
        return undefined;
      }),
    );
  uploads
    .command('show <id>')
    .description('one upload')
    .action(
      bind<[string, object]>(async (context, id) => {
        const upload = await (await context.client()).getUpload(id);
        context.answer(upload, () => lineOf(upload));
        return undefined;
      }),
    );
  uploads
    .command('delete <id>')
    .description('delete an upload: its file and its Item go')
    .action(
      bind<[string, object]>(async (context, id) => {
        await (await context.client()).deleteUpload(id);
        context.answer({ id, deleted: true }, () => `${id} is deleted`);
        return undefined;
      }),
    );
};
