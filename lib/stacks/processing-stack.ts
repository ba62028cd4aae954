import type { JobDefinitionName } from '@swath/ports';
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { type EcsJobDefinition, FairshareSchedulingPolicy, JobQueue } from 'aws-cdk-lib/aws-batch';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { FargateEnvironments, SharedFilesEnvironment } from '../constructs/compute-environments.ts';
import { Job, type JobProps } from '../constructs/job.ts';
import { jobImage } from '../job-image.ts';
import { keyProps, StageStack, type StageStackProps } from '../stage-stack.ts';
import { readObjects, useKey, writeObjects } from '../statements.ts';
import { KEPT_PREFIX } from '../upload-statements.ts';
import type { Network } from './network-stack.ts';
import type { Storage } from './storage-stack.ts';

/** A definition and the queue its jobs go to. */
export interface JobPlace {
  readonly definition: EcsJobDefinition;
  readonly queue: JobQueue;
}

/** Where jobs run and what they are. */
export interface Processing {
  /** Fargate: Spot, then on-demand. */
  readonly jobQueue: JobQueue;
  /** EC2 Spot over shared files; undefined where the configuration leaves it out. */
  readonly sharedFilesQueue: JobQueue | undefined;
  /** What the machine submits for each stage. */
  readonly jobs: Readonly<Record<JobDefinitionName, JobPlace>>;
  readonly jobLog: LogGroup;
}

export interface ProcessingStackProps extends StageStackProps {
  readonly network: Network;
  readonly storage: Storage;
}

/** What a project has used counts for this long: one that waits catches up within hours, not days. */
const SHARE_DECAY_HOURS = 1;

export class ProcessingStack extends StageStack implements Processing {
  readonly jobQueue: JobQueue;
  readonly sharedFilesQueue: JobQueue | undefined;
  readonly jobs: Readonly<Record<JobDefinitionName, JobPlace>>;
  readonly jobLog: LogGroup;

  constructor(scope: Construct, props: ProcessingStackProps) {
    super(scope, 'processing', 'compute environments, queues and jobs', props);
    const { network, storage } = props;
    const { compute } = this.config;
    const schedulingPolicy = new FairshareSchedulingPolicy(this, 'FairShare', {
      shareDecay: Duration.hours(SHARE_DECAY_HOURS),
    });
    const fargate = new FargateEnvironments(this, 'Fargate', { network, compute });
    this.jobQueue = new JobQueue(this, 'Queue', {
      schedulingPolicy,
      computeEnvironments: fargate.inOrder.map((computeEnvironment, index) => ({
        order: index + 1,
        computeEnvironment,
      })),
    });
    this.sharedFilesQueue =
      compute.sharedFilesMaxVcpus === 0
        ? undefined
        : new JobQueue(this, 'SharedFilesQueue', {
            schedulingPolicy,
            computeEnvironments: [
              {
                order: 1,
                computeEnvironment: new SharedFilesEnvironment(this, 'SharedFiles', { network, compute })
                  .environment,
              },
            ],
          });
    this.jobLog = new LogGroup(this, 'JobLog', {
      retention: this.logRetention,
      removalPolicy: this.logRemoval,
      ...keyProps(storage.key),
    });
    this.jobs = this.#jobs(props);
    new CfnOutput(this, 'JobQueueName', {
      value: this.jobQueue.jobQueueName,
      description: 'Jobs. Next: aws batch list-jobs --job-queue <this>',
    });
    new CfnOutput(this, 'JobLogName', {
      value: this.jobLog.logGroupName,
      description: 'Logs of jobs. Next: aws logs tail <this> --follow',
    });
  }

  #jobs({ network, storage }: ProcessingStackProps): Readonly<Record<JobDefinitionName, JobPlace>> {
    const { compute } = this.config;
    const { buckets, fileSystem, sharedFolder } = storage;
    const image = jobImage(this, 'Image', compute.architecture);
    const executionRole = new Role(this, 'ExecutionRole', {
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
      description: 'Starts the jobs of Swath: pulls the image and writes the log',
    });
    const place = (name: JobDefinitionName): JobPlace => {
      const jobRole = new Role(this, `${name}Role`, {
        assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
        description: `Job ${name} of Swath`,
      });
      for (const statement of [...jobStatements(storage)[name], ...useKey(storage.key)]) {
        jobRole.addToPolicy(statement);
      }
      const common: Omit<JobProps, 'on'> = {
        name,
        compute,
        image,
        jobRole,
        executionRole,
        logGroup: this.jobLog,
        environment: {
          SWATH_WORK_BUCKET: buckets.work.bucketName,
          SWATH_RAW_BUCKET: buckets.raw.bucketName,
          SWATH_RESULTS_BUCKET: buckets.results.bucketName,
        },
        shared: { fileSystem, accessPoint: sharedFolder },
      };
      const onFargate = new Job(this, name, {
        ...common,
        on: { kind: 'fargate', assignPublicIp: network.assignPublicIp },
      });
      const { sharedFilesQueue } = this;
      if (sharedFilesQueue === undefined) return { definition: onFargate.definition, queue: this.jobQueue };
      const onEc2 = new Job(this, `${name}OnSharedFiles`, { ...common, on: { kind: 'ec2' } });
      return compute.onSharedFiles.includes(name)
        ? { definition: onEc2.definition, queue: sharedFilesQueue }
        : { definition: onFargate.definition, queue: this.jobQueue };
    };
    return { acquire: place('acquire'), process: place('process'), publish: place('publish') };
  }
}

/** Every step reads its manifest and leaves its report below `staging/`. */
function jobStatements({ buckets, fileSystem, sharedFolder }: Storage) {
  const { work, raw, results } = buckets;
  const common = () => [
    ...readObjects('Work', work, ['manifests/', 'staging/']),
    writeObjects('Staging', work, ['staging/']),
    new PolicyStatement({
      sid: 'MountSharedFolder',
      actions: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
      resources: [fileSystem.fileSystemArn],
      conditions: { StringEquals: { 'elasticfilesystem:AccessPointArn': sharedFolder.accessPointArn } },
    }),
  ];
  return {
    acquire: [
      ...common(),
      ...readObjects('Raw', raw, ['scenes/', KEPT_PREFIX]),
      writeObjects('Raw', raw, ['scenes/']),
    ],
    process: [...common(), ...readObjects('Raw', raw, ['scenes/', KEPT_PREFIX])],
    publish: [
      ...common(),
      ...readObjects('Results', results, ['results/']),
      writeObjects('Results', results, ['results/']),
      new PolicyStatement({
        sid: 'TagResults',
        actions: ['s3:PutObjectTagging'],
        resources: [results.arnForObjects('results/*')],
      }),
    ],
  } as const satisfies Readonly<Record<JobDefinitionName, readonly PolicyStatement[]>>;
}
