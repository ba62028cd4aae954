import { resolve } from 'node:path';
import { SwathError } from '@swath/core';
import { Option } from 'commander';
import { type AssetName, assetNames, downloadAll, planDownloads } from '../download.ts';
import { bytes, plural } from '../render/words.ts';
import type { AddCommand } from './command.ts';

/** `swath get ID DIR` */
export const addGet: AddCommand = (program, bind) => {
  program
    .command('get <id> <dir>')
    .description('download results; files that are there and equal are skipped, parts are resumed')
    .addOption(
      new Option('--only <assets...>', 'instead of all')
        .choices(assetNames)
        .default(assetNames, 'all of them'),
    )
    .action(
      bind<[string, string, { only: readonly AssetName[] }]>(async (context, id, dir, { only }) => {
        const client = await context.client();
        const results = await client.getResults(id);
        if (results.products.length === 0) {
          throw new SwathError('NotFound', `The request is ${results.state}: it has no results.`, {
            fix: `Look at it with "npx swath show ${id}".`,
          });
        }
        const directory = resolve(dir);
        const plan = planDownloads(results, directory, only);
        const files = await downloadAll(client, plan, context.terminal.signal, (file) => {
          context.say(
            `${file.status === 'present' ? 'there already' : bytes(file.sizeBytes).padStart(13)}  ${file.path}`,
          );
        });
        const fetched = files.filter((f) => f.status === 'downloaded');
        const total = fetched.reduce((sum, f) => sum + f.sizeBytes, 0);
        context.answer(
          { requestId: results.requestId, directory, files },
          () =>
            `${plural(fetched.length, 'file')} (${bytes(total)}) to ${directory}, ${files.length - fetched.length} there already`,
        );
        return undefined;
      }),
    );
};
