import { table } from '../render/table.ts';
import { readAoi } from '../spec-input.ts';
import type { AddCommand } from './command.ts';

/** `swath aois` */
export const addAois: AddCommand = (program, bind) => {
  const aois = program.command('aois').description('stored areas of interest');
  aois
    .command('list', { isDefault: true })
    .description('the areas of the project')
    .action(
      bind<[object]>(async (context) => {
        const { aois: areas } = await (await context.client()).listAois();
        context.answer(areas, () =>
          areas.length === 0
            ? 'No areas yet: swath aois put <id> <file>'
            : table(
                [
                  { head: 'id' },
                  { head: 'version', align: 'right' },
                  { head: 'km2', align: 'right' },
                  { head: 'title' },
                ],
                areas.map((area) => [
                  context.colors.bold(area.id),
                  String(area.version),
                  area.areaKm2.toPrecision(4),
                  area.title ?? '',
                ]),
                context.colors,
              ),
        );
        return undefined;
      }),
    );
  aois
    .command('put <id> <area>')
    .description('store an area: a file of GeoJSON, Shapefile, KML or GeoPackage, or west,south,east,north')
    .option('--title <text>', 'what people call it')
    .action(
      bind<[string, string, { readonly title?: string }]>(async (context, id, area, { title }) => {
        const stored = await (await context.client()).putAoi(id, {
          area: await readAoi(area, context.terminal),
          ...(title === undefined ? {} : { title }),
        });
        context.answer(
          stored,
          () =>
            `${stored.id}@${stored.version}, ${stored.areaKm2.toPrecision(4)} km2: use it with --aoi ${stored.id}`,
        );
        return undefined;
      }),
    );
  aois
    .command('show <id>')
    .description('an area as a GeoJSON Feature')
    .option('--version <n>', 'an earlier version', Number)
    .action(
      bind<[string, { readonly version?: number }]>(async (context, id, { version }) => {
        const { geometry, ...properties } = await (await context.client()).getAoi(id, version);
        const feature = { type: 'Feature', id: `${id}@${properties.version}`, properties, geometry };
        context.answer(feature, () => JSON.stringify(feature, null, 2));
        return undefined;
      }),
    );
  aois
    .command('delete <id>')
    .description('take an area out of the list; requests keep theirs')
    .action(
      bind<[string, object]>(async (context, id) => {
        await (await context.client()).deleteAoi(id);
        context.answer({ id, deleted: true }, () => `${id} is deleted`);
        return undefined;
      }),
    );
};
