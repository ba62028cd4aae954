// Prints the sha256 of every job of determinism.fixture.ts: determinism-child.fixture.ts FOLDER
import { join } from 'node:path';
import { writeProduct } from '../cog/write.ts';
import { jobNames, jobOf } from './determinism.fixture.ts';
import { workerExecutor } from './worker-executor.ts';

const folder = process.argv[2] ?? '.';
const executor = workerExecutor({ locate: async (href) => ({ kind: 'file', path: href }), lanes: 2 });
for (const name of jobNames) {
  const { spec, source } = jobOf(name, folder);
  const { sha256 } = await writeProduct(join(folder, `child-${name}.tif`), spec, source, executor);
  process.stdout.write(`${name} ${sha256}\n`);
}
await executor.close();
