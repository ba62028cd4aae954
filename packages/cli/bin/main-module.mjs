import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The module that runs the command line: of the bundle in `<cli>/built` (bundle.mjs makes it) when it was made in this
 * place and no source has changed since, else of the sources.
 * @param {string} root absolute folder of the repository
 * @returns {string} absolute path
 */
export function mainModule(root) {
  const cli = join(root, 'packages', 'cli');
  const built = join(cli, 'built');
  try {
    const manifest = JSON.parse(readFileSync(join(built, 'manifest.json'), 'utf8'));
    // Close to a thousand of them: joining paths properly would take as long as looking.
    const unchanged = ([path, size, mtimeMs]) => {
      const now = statSync(`${root}/${path}`);
      return now.size === size && now.mtimeMs === mtimeMs;
    };
    const main = join(built, manifest.folder, 'main.js');
    if (manifest.root === root && manifest.files.every(unchanged) && statSync(main).isFile()) return main;
  } catch {
    // None was made, or a source is gone.
  }
  return join(cli, 'src', 'main.ts');
}
