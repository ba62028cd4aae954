// Makes the build context of the jobs' container image: build-jobs.ts [FOLDER]
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildJobImage } from './job-image.ts';
import { repository } from './options.ts';

const folder = resolve(process.argv[2] ?? join(repository, 'batch-jobs', 'dist'));
// Chunks carry hashes in their names: old ones would stay.
rmSync(folder, { recursive: true, force: true });
const { files } = buildJobImage(folder);
const bytes = [...files.values()].reduce((sum, size) => sum + size, 0);
process.stdout.write(
  `${folder}: ${files.size} files, ${(bytes / 1e6).toFixed(1)} MB\ndocker build --platform linux/arm64 ${folder}\n`,
);
