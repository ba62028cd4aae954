import { join, resolve } from 'node:path';
import type { JobDefinitionName } from '@swath/ports';
import { CfnOutput, Duration, Size } from 'aws-cdk-lib';
import {
  EcsFargateContainerDefinition,
  EcsJobDefinition,
  FairshareSchedulingPolicy,
  FargateComputeEnvironment,
  JobQueue,
} from 'aws-cdk-lib/aws-batch';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { StageStack, type StageStackProps } from '../stage-stack.ts';
import type { Network } from './network-stack.ts';
import type { Storage } from './storage-stack.ts';

const root = resolve(import.meta.dirname, '../..');

/** Where jobs run and what they are. */
export interface Processing {
  readonly jobQueue: JobQueue;
  readonly jobDefinitions: Readonly<Record<JobDefinitionName, EcsJobDefinition>>;
}

export interface ProcessingStackProps extends StageStackProps {
  readonly network: Network;
  readonly storage: Storage;
}

export const jobDefinitionNames = [
  'acquire',
  'process',
  'publish',
] as const satisfies readonly JobDefinitionName[];

export class ProcessingStack extends StageStack implements Processing {
  readonly jobQueue: JobQueue;
  readonly jobDefinitions: Readonly<Record<JobDefinitionName, EcsJobDefinition>>;

  constructor(scope: Construct, props: ProcessingStackProps) {
    super(scope, 'processing', 'jobs', props);
    const { network } = props;
    const environment = (id: string, spot: boolean) =>
      new FargateComputeEnvironment(this, id, {
        vpc: network.vpc,
        vpcSubnets: network.subnets,
        securityGroups: [network.jobs],
        spot,
        maxvCpus: this.config.compute.maxVcpus,
      });
    this.jobQueue = new JobQueue(this, 'Queue', {
      schedulingPolicy: new FairshareSchedulingPolicy(this, 'FairShare'),
      computeEnvironments: [
        { order: 1, computeEnvironment: environment('Spot', true) },
        { order: 2, computeEnvironment: environment('OnDemand', false) },
      ],
    });
    const executionRole = new Role(this, 'ExecutionRole', {
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
    });
    const image = ContainerImage.fromAsset(root, {
      file: join('batch-jobs', 'Dockerfile'),
      platform: this.config.compute.architecture === 'arm64' ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
      exclude: ['**', '!batch-jobs'],
    });
    const define = (name: JobDefinitionName) =>
      new EcsJobDefinition(this, name, {
        timeout: Duration.hours(1),
        container: new EcsFargateContainerDefinition(this, `${name}Container`, {
          image,
          cpu: this.config.compute[name].vcpu,
          memory: Size.gibibytes(this.config.compute[name].memoryGiB),
          assignPublicIp: network.assignPublicIp,
          executionRole,
          fargateCpuArchitecture:
            this.config.compute.architecture === 'arm64' ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
        }),
      });
    this.jobDefinitions = {
      acquire: define('acquire'),
      process: define('process'),
      publish: define('publish'),
    };
    new CfnOutput(this, 'JobQueueName', {
      value: this.jobQueue.jobQueueName,
      description: 'Batch queue of jobs',
    });
  }
}
