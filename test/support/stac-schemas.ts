import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { sharedPath } from './shared.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * The published schemas of STAC 1.0.0 and its extensions, from the shared data, without the network. undefined where
 * this machine does not have them.
 */
export function stacSchemas(): ((document: unknown) => readonly string[]) | undefined {
  const specs = sharedPath('data', '02-stac-spec');
  if (specs === undefined) {
    console.warn('skipped: no shared data (the schemas of STAC)');
    return undefined;
  }
  const read = (...path: readonly string[]): Json => JSON.parse(readFileSync(join(specs, ...path), 'utf8'));
  const core = ['schema-mirror', 'schemas.stacspec.org', 'v1.0.0'];
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  addFormats.default(ajv);
  for (const format of ['iri', 'iri-reference']) ajv.addFormat(format, /^[^\s<>"{}|\\^`]+$/);
  for (const name of ['basics', 'datetime', 'instrument', 'licensing', 'provider', 'item']) {
    ajv.addSchema(read(...core, 'item-spec', 'json-schema', `${name}.json`));
  }
  for (const name of ['geojson-Feature', 'geojson-Geometry']) {
    ajv.addSchema(read('eodag-schemas', 'schemas', `${name}.json`));
  }
  ajv.addSchema(read('schema-mirror', 'proj.org', 'en', 'latest', 'schemas', 'v0.7', 'projjson.schema.json'));
  // The datacube extension names an older one; our cubes name their CRS by its code, never by PROJJSON.
  ajv.addSchema({ $id: 'https://proj.org/schemas/v0.4/projjson.schema.json', type: 'object' });
  const compiled = new Map<string, ValidateFunction>();
  const validator = (name: string, schema: () => Json) => {
    const known = compiled.get(name) ?? ajv.compile(schema());
    compiled.set(name, known);
    return known;
  };
  const extension = (url: string): Json => {
    const path = url.replace('https://stac-extensions.github.io/', '');
    const mirror = ['schema-mirror', 'stac-extensions.github.io'];
    // Not in the mirror: packages/api/src/stac.test.ts says what these links are.
    if (path.startsWith('web-map-links/')) return { type: 'object' };
    if (path !== 'projection/v1.2.0/schema.json') return read(...mirror, ...path.split('/'));
    // 1.2.0 is 2.0.0 with `proj:epsg` still in it; the mirror has only the latter.
    const text = JSON.stringify(read(...mirror, 'projection', 'v2.0.0', 'schema.json'))
      .replaceAll('/projection/v2.0.0/', '/projection/v1.2.0/')
      .replace(
        '"properties":{"proj:code":',
        '"properties":{"proj:epsg":{"type":["integer","null"]},"proj:code":',
      );
    return JSON.parse(text);
  };
  return (document) => {
    const { type, stac_extensions: extensions } = document as Json;
    const kind = { Feature: 'item', Collection: 'collection', Catalog: 'catalog' }[String(type)];
    if (kind === undefined) return [`no STAC document: ${String(type)}`];
    const schemas = [
      kind === 'item'
        ? (ajv.getSchema(
            String(read(...core, 'item-spec', 'json-schema', 'item.json')['$id']),
          ) as ValidateFunction)
        : validator(kind, () => read(...core, `${kind}-spec`, 'json-schema', `${kind}.json`)),
      ...(Array.isArray(extensions) ? extensions : []).map((url) =>
        validator(String(url), () => extension(String(url))),
      ),
    ];
    return schemas.flatMap((validate) => (validate(document) ? [] : [ajv.errorsText(validate.errors)]));
  };
}
