import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { withJobImage } from './bundling/handler-code.ts';
import { repository } from './bundling/options.ts';
import type { SwathConfig } from './config.ts';

/**
 * The image of all three jobs. Synthesis makes its folder and hashes it; an engine builds it when it is deployed. Where
 * bundling is off (tests of templates), the folder holds the Dockerfile alone.
 */
export function jobImage(
  scope: Construct,
  id: string,
  architecture: SwathConfig['compute']['architecture'],
): ContainerImage {
  const asset = (directory: string, exclude: readonly string[]) =>
    ContainerImage.fromDockerImageAsset(
      new DockerImageAsset(scope, id, {
        directory,
        exclude: [...exclude],
        platform: architecture === 'arm64' ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
        displayName: 'swath-jobs',
      }),
    );
  return Stack.of(scope).bundlingRequired
    ? withJobImage((folder) => asset(folder, []))
    : asset(join(repository, 'batch-jobs'), ['*', '!Dockerfile']);
}
