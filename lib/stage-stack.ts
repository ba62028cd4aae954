import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { SwathConfig } from './config.ts';

export interface StageStackProps {
  readonly config: SwathConfig;
}

/** A stack of one stage: its name, its tags and what the configuration means for every resource. */
export class StageStack extends Stack {
  readonly config: SwathConfig;
  /** Of what holds data. */
  readonly dataRemoval: RemovalPolicy;
  readonly architecture: Architecture;
  readonly logRetention: RetentionDays;

  /** @param id the stack's word, such as `storage`. */
  constructor(scope: Construct, id: string, description: string, { config }: StageStackProps) {
    const { name, stage, env } = config;
    super(scope, id, {
      stackName: `${name}-${stage}-${id}`,
      description: `Swath (${stage}): ${description}`,
      ...(env === undefined ? {} : { env }),
      terminationProtection: !config.destroyData,
      tags: { app: name, stage, owner: config.owner, 'cost-centre': config.costCentre },
    });
    this.config = config;
    this.dataRemoval = config.destroyData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    this.architecture = config.compute.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64;
    this.logRetention = config.logGroupDays;
  }

  /** Logs of Lambdas and jobs: gone with the stack in dev, kept until they expire in prod. */
  get logRemoval(): RemovalPolicy {
    return this.dataRemoval;
  }
}

/** Spreads a key into props, as `exactOptionalPropertyTypes` wants it. */
export const keyProps = (key: IKey | undefined): { readonly encryptionKey?: IKey } =>
  key === undefined ? {} : { encryptionKey: key };
