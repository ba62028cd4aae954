import { imageOpener, workerExecutor } from '@swath/raster';
import type { RunReport } from './report.ts';
import type { RunInput } from './run-input.ts';

/**
 * A request from document to files in this process: what the batch steps do, without services.
 *
 * @throws SwathError InvalidInput (with pointer and fix), NotFound, Corrupt, Unavailable, ...: the first thing that
 *   keeps a product from being complete. Products that were finished before stay.
 */
export async function runSpec(input: RunInput): Promise<RunReport> {
  const open = imageOpener({ ...input.read, files: true });
  const executor = workerExecutor({ locate: open.locate });
  // Threads take as long to start as what plans and publishes takes to load, and to read the Items.
  executor.warm();
  try {
    const { runProducts } = await import('./run-products.ts');
    return await runProducts(input, { open, executor });
  } finally {
    await executor.close();
    await open.close();
  }
}
