import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { bundleHandler } from './handler-bundle.ts';
import { buildJobImage } from './job-image.ts';
import { repository } from './options.ts';

/**
 * Code of a Lambda function, bundled when its stack is synthesised, by esbuild in this process: no Docker and no network. The hash
 * is that of the bundle: a deploy changes a function when its code has changed.
 */
export function handlerCode(name: string): AssetCode {
  return Code.fromAsset(join(repository, 'lambdas', name), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Asked for by the type; the local way below never fails over to it, it throws.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(outputDir) {
          bundleHandler(name, outputDir);
          return true;
        },
      },
    },
  });
}

/** Gives `use` the folder that the jobs' image is built from. It is gone afterwards: assets copy what they are made of. */
export function withJobImage<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'swath-job-image-'));
  try {
    buildJobImage(folder);
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
