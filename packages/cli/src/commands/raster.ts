import { exitCode, troubleOf } from '../exit.ts';
import { plain } from '../terminal.ts';
import type { AddCommand } from './command.ts';

/** Facts as `name: value` lines. */
function factsText(file: string, facts: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(facts)
    .filter(([name]) => name !== 'file')
    .map(([name, value]) => `  ${name}: ${plain(typeof value === 'string' ? value : JSON.stringify(value))}`);
  return [plain(file), ...lines].join('\n');
}

/** `swath raster info FILE|URL...` */
export const addRaster: AddCommand = (program, bind) => {
  program
    .command('raster')
    .description('tools for raster files that need no server')
    .command('info <file...>')
    .description(
      'size, bands, type, CRS, geotransform, nodata, blocks, overviews, compression of files or URLs',
    )
    .option('--checksum', 'also sha256, min, max and mean of each band, which reads every pixel')
    .action(
      bind<[readonly string[], { checksum?: boolean }]>(async (context, files, { checksum }) => {
        let failed: ReturnType<typeof troubleOf>['exit'] | undefined;
        for (const file of files) {
          try {
            const facts = await context.tools.rasterInfo(file, {
              checksum: checksum === true,
              signal: context.terminal.signal,
            });
            context.answer({ ...facts, file }, () => factsText(file, facts));
          } catch (error) {
            const { exit, json } = troubleOf(error);
            if (exit === exitCode.interrupted) throw error;
            failed ??= exit;
            context.answer(
              { file, error: json },
              () => `${plain(file)}\n  ${json.code}: ${plain(json.message)}`,
            );
          }
        }
        return failed;
      }),
    );
};
