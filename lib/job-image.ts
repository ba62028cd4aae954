import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { withJobImage } from './bundling/handler-code.ts';
import type { SwathConfig } from './config.ts';

/** The image of all three jobs. Synthesis makes its folder and hashes it; an engine is needed when it is deployed. */
export function jobImage(
  scope: Construct,
  id: string,
  architecture: SwathConfig['compute']['architecture'],
): ContainerImage {
  return withJobImage((folder) =>
    ContainerImage.fromDockerImageAsset(
      new DockerImageAsset(scope, id, {
        directory: folder,
        platform: architecture === 'arm64' ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
        displayName: 'swath-jobs',
      }),
    ),
  );
}
