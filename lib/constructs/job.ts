import { type JobDefinitionName, retryRules } from '@swath/ports';
import { Duration, Size } from 'aws-cdk-lib';
import {
  Action,
  EcsEc2ContainerDefinition,
  EcsFargateContainerDefinition,
  EcsJobDefinition,
  EcsVolume,
  Reason,
  RetryStrategy,
} from 'aws-cdk-lib/aws-batch';
import { type ContainerImage, CpuArchitecture, LogDriver } from 'aws-cdk-lib/aws-ecs';
import type { IAccessPoint, IFileSystem } from 'aws-cdk-lib/aws-efs';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { jobContract } from '../../batch-jobs/contract.ts';
import { jobAttempts, jobTimeoutS } from '../../batch-jobs/limits.ts';
import type { SwathConfig } from '../config.ts';

/** Where the folder that jobs share is, in the container. */
export const SHARED_FOLDER = '/mnt/swath';

export interface JobProps {
  readonly name: JobDefinitionName;
  readonly compute: SwathConfig['compute'];
  readonly image: ContainerImage;
  /** What the job's own code may do. */
  readonly jobRole: Role;
  /** What starts the container may do: pull the image, write the log. */
  readonly executionRole: Role;
  readonly logGroup: LogGroup;
  readonly environment: Readonly<Record<string, string>>;
  readonly shared: { readonly fileSystem: IFileSystem; readonly accessPoint: IAccessPoint };
  /** Fargate, with a public address or none; or machines of our own, whose jobs keep their scratch on EFS. */
  readonly on: { readonly kind: 'fargate'; readonly assignPublicIp: boolean } | { readonly kind: 'ec2' };
}

/**
 * One kind of job: its command in the image, its size, the shared folder, and retry rules that end in EXIT. The
 * process runs as the image's unprivileged user over a root file system it cannot write to; `/tmp` is a volume.
 */
export class Job extends Construct {
  readonly definition: EcsJobDefinition;

  constructor(scope: Construct, id: string, props: JobProps) {
    super(scope, id);
    const { name, compute, on } = props;
    const size = compute[name];
    const container = {
      image: props.image,
      command: [...jobContract.command(name)],
      cpu: size.vcpu,
      memory: Size.mebibytes(Math.round(size.memoryGiB * 1024)),
      jobRole: props.jobRole,
      executionRole: props.executionRole,
      environment: { ...props.environment, SWATH_LANES: String(Math.max(1, Math.floor(size.vcpu))) },
      logging: LogDriver.awsLogs({ logGroup: props.logGroup, streamPrefix: name }),
      user: `${jobContract.user.uid}:${jobContract.user.gid}`,
      readonlyRootFilesystem: compute.readonlyRoot,
      volumes: [
        EcsVolume.efs({
          name: 'shared',
          containerPath: SHARED_FOLDER,
          fileSystem: props.shared.fileSystem,
          accessPointId: props.shared.accessPoint.accessPointId,
          enableTransitEncryption: true,
          useJobRole: true,
        }),
        ...(compute.readonlyRoot ? [EcsVolume.host({ name: 'scratch', containerPath: '/tmp' })] : []),
      ],
    };
    this.definition = new EcsJobDefinition(this, 'Definition', {
      retryAttempts: jobAttempts,
      retryStrategies: retryStrategies(),
      timeout: Duration.seconds(jobTimeoutS[name]),
      propagateTags: true,
      container:
        on.kind === 'fargate'
          ? new EcsFargateContainerDefinition(this, 'Container', {
              ...container,
              assignPublicIp: on.assignPublicIp,
              ephemeralStorageSize: Size.gibibytes(compute.diskGiB),
              fargateCpuArchitecture:
                compute.architecture === 'arm64' ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
            })
          : new EcsEc2ContainerDefinition(this, 'Container', {
              ...container,
              environment: { ...container.environment, SWATH_SCRATCH: `${SHARED_FOLDER}/scratch` },
            }),
    });
  }
}

/** The rules of `@swath/ports`, which jobs are submitted with as well. */
function retryStrategies(): RetryStrategy[] {
  return retryRules.map(({ action, ...on }) =>
    RetryStrategy.of(action === 'RETRY' ? Action.RETRY : Action.EXIT, Reason.custom(on)),
  );
}
