import { join, resolve } from 'node:path';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { SwathConfig } from './config.ts';

const root = resolve(import.meta.dirname, '..');

/** The image of all three jobs. Synthesis hashes its folder only; an engine is needed when it is deployed. */
export function jobImage(architecture: SwathConfig['compute']['architecture']): ContainerImage {
  return ContainerImage.fromAsset(join(root, 'batch-jobs'), {
    platform: architecture === 'arm64' ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
    displayName: 'swath-jobs',
  });
}
