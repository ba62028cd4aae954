import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { bundleHandler } from './handler-bundle.ts';
import { installPackages, type Processor } from './install.ts';
import { buildJobImage } from './job-image.ts';
import { type RuntimePackage, repository } from './options.ts';

/**
 * Code of a Lambda function, bundled when its stack is synthesised, by esbuild in this process: no Docker, and no network unless
 * packages are to be installed. The hash is that of the bundle: a deploy changes a function when its code has changed.
 */
export function handlerCode(
  name: string,
  options: { readonly installed: readonly RuntimePackage[]; readonly architecture: Processor },
): AssetCode {
  return Code.fromAsset(join(repository, 'lambdas', name), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Asked for by the type; the local way below never fails over to it, it throws.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(outputDir) {
          bundleHandler(name, outputDir);
          if (options.installed.length > 0) {
            installPackages(options.installed, options.architecture, outputDir);
          }
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
