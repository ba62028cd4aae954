import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { SwathError } from '@swath/core';
import { AOI_REFERENCE } from '@swath/requests/limits';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { isAreaFile, joinedFeatures, readAreaFile, readZonesFile } from './area-file.ts';
import { AREA_FILE_LIMIT_BYTES, SPEC_LIMIT_BYTES } from './limits.ts';
import type { Terminal } from './terminal.ts';

/** Flags that stand for fields of a specification; they win over the fields of a file. */
export interface SpecFlags {
  readonly aoi?: string;
  readonly zones?: string;
  readonly zoneId?: string;
  readonly datetime?: string;
  readonly provider?: string;
  readonly collection?: readonly string[];
  readonly item?: readonly string[];
  readonly index?: string;
  readonly expression?: string;
  readonly band?: readonly string[];
  readonly mask?: string;
  readonly maxCloud?: number;
  readonly composite?: string;
  readonly radiometry?: string;
  readonly crs?: string;
  readonly resolution?: number;
  readonly resampling?: string;
  readonly dtype?: string;
  readonly retentionDays?: number;
  readonly name?: string;
  readonly label?: readonly string[];
}

/** A whole number from 1 on. */
export function parseCount(text: string): number {
  const value = parseNumber(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError('It must be a whole number from 1 on.');
  }
  return value;
}

export function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

export const collect = (value: string, before: readonly string[] = []) => [...before, value];

/** Flags that say where and when, shared with `search`. */
export function addPlaceFlags(command: Command): Command {
  return command
    .option(
      '--aoi <file|bbox>',
      'west,south,east,north in degrees; a GeoJSON, Shapefile, KML or GeoPackage file; or the id of a stored area',
    )
    .option('--datetime <interval>', '2024-05-01/2024-08-31; either end may be ..')
    .option('--provider <id>', 'source of imagery (default: the one of the server)')
    .option('--collection <id>', 'repeat for several', collect)
    .option('--max-cloud <percent>', 'leave out cloudier scenes', parseNumber);
}

export function addSpecFlags(command: Command): Command {
  return addPlaceFlags(command)
    .option(
      '--zones <file|ids>',
      'polygons to give statistics of: a file as for --aoi, or ids of stored areas: a,b,c',
    )
    .option('--zone-id <property>', 'property that names a zone (default: the id of the feature)')
    .option('--item <href>', 'path or URL of a STAC Item; repeat for several', collect)
    .addOption(
      new Option('--index <name>', 'spectral index: swath indices').conflicts(['expression', 'band']),
    )
    .addOption(
      new Option('--expression <formula>', 'such as "(nir-red)/(nir+red)"').conflicts(['index', 'band']),
    )
    .option('--band <name>', 'the band itself; repeat for several', collect)
    .option('--mask <clouds|none>', 'what to leave out')
    .option('--composite <method>', 'none, first, max, min, mean or median over time')
    .option('--radiometry <reflectance|raw>', 'values of the bands')
    .option('--crs <code>', 'EPSG:32631')
    .option('--resolution <size>', 'pixel size in units of the CRS', parseNumber)
    .option('--resampling <method>', 'nearest, bilinear, cubic, average, mode, min or max')
    .option('--dtype <type>', 'float32, int16, uint16, uint8 or int32')
    .option('--retention-days <days>', 'how long results are kept', parseNumber)
    .option('--name <name>', 'of the request')
    .option('--label <key=value>', 'repeat for several', collect);
}

/** @throws SwathError NotFound, InvalidInput, LimitExceeded. */
async function readText(path: string, terminal: Terminal, limitBytes = SPEC_LIMIT_BYTES): Promise<string> {
  if (path === '-') return terminal.readStdin();
  try {
    const bytes = await readFile(path);
    if (bytes.byteLength <= limitBytes) return bytes.toString('utf8');
  } catch (cause) {
    throw new SwathError('InvalidInput', `The file ${path} cannot be read.`, {
      fix: 'Check the path; "-" reads from standard input.',
      cause,
    });
  }
  throw new SwathError('LimitExceeded', `The file ${path} is over ${limitBytes} bytes.`, {
    fix: 'Simplify the area.',
  });
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const where = path === '-' ? 'Standard input' : `The file ${path}`;
    throw new SwathError('InvalidInput', `${where} is not JSON: ${(cause as Error).message}`, {
      fix: 'docs/requests.md has examples.',
      cause,
    });
  }
}

/** `4.8,52.3,4.9,52.4` as a bbox; a file of GeoJSON, Shapefile, KML or GeoPackage; else the id of a stored area. */
export async function readAoi(text: string, terminal: Terminal): Promise<unknown> {
  const numbers = text.split(',').map((part) => Number(part.trim() === '' ? 'x' : part));
  if (numbers.length === 4 && numbers.every(Number.isFinite)) return numbers;
  if (isAreaFile(text)) return readAreaFile(text);
  if (AOI_REFERENCE.test(text) && !existsSync(text)) return text;
  return joinedFeatures(parseJson(await readText(text, terminal), text));
}

/** A file of zones; else ids of stored areas with commas between. */
async function readZones(text: string, terminal: Terminal): Promise<unknown> {
  if (isAreaFile(text)) return readZonesFile(text);
  const ids = text.split(',').map((id) => id.trim());
  if (ids.every((id) => AOI_REFERENCE.test(id)) && !existsSync(text)) return ids;
  return parseJson(await readText(text, terminal, AREA_FILE_LIMIT_BYTES), text);
}

function pipelineOf(flags: SpecFlags): unknown {
  if (flags.index !== undefined) return { index: flags.index };
  if (flags.expression !== undefined) return { expression: flags.expression };
  return flags.band === undefined ? undefined : { bands: flags.band };
}

function labelsOf(flags: SpecFlags): Record<string, string> | undefined {
  if (flags.label === undefined) return undefined;
  return Object.fromEntries(
    flags.label.map((pair) => {
      const at = pair.indexOf('=');
      if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
      throw new SwathError('InvalidInput', `The label "${pair}" has no value.`, {
        fix: 'Write --label key=value.',
      });
    }),
  );
}

function defined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The specification of a file, `-`, or flags, or of both. Its meaning is checked by the server, which says the same
 * to everyone.
 * @throws SwathError InvalidInput
 */
export async function readSpec(
  path: string | undefined,
  flags: SpecFlags,
  terminal: Terminal,
): Promise<Readonly<Record<string, unknown>>> {
  const file = path === undefined ? {} : parseJson(await readText(path, terminal), path);
  if (!isObject(file)) {
    throw new SwathError('InvalidInput', 'The specification is not a JSON object.', {
      pointer: '',
      fix: 'docs/requests.md has examples.',
    });
  }
  const grid = defined({ crs: flags.crs, resolution: flags.resolution, resampling: flags.resampling });
  const output = defined({ dtype: flags.dtype });
  const spec = {
    ...file,
    ...defined({
      aoi: flags.aoi === undefined ? undefined : await readAoi(flags.aoi, terminal),
      zones: flags.zones === undefined ? undefined : await readZones(flags.zones, terminal),
      zoneId: flags.zoneId,
      datetime: flags.datetime,
      provider: flags.provider,
      collections: flags.collection,
      items: flags.item,
      pipeline: pipelineOf(flags),
      mask: flags.mask,
      maxCloudCoverPercent: flags.maxCloud,
      composite: flags.composite,
      radiometry: flags.radiometry,
      retentionDays: flags.retentionDays,
      name: flags.name,
      labels: labelsOf(flags),
      grid:
        Object.keys(grid).length === 0
          ? undefined
          : { ...(isObject(file['grid']) ? file['grid'] : {}), ...grid },
      output:
        Object.keys(output).length === 0
          ? undefined
          : { ...(isObject(file['output']) ? file['output'] : {}), ...output },
    }),
  };
  if (Object.keys(spec).length === 0) {
    throw new SwathError('InvalidInput', 'There is nothing to ask for.', {
      fix: 'Name a specification file, or use flags such as --index NDVI --aoi area.geojson.',
    });
  }
  return spec;
}
