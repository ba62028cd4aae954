import { tableDefinition } from '@swath/aws/table-definition';
import { SwathError } from '@swath/core';
import { Annotations, ArnFormat, CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  CfnGlobalTable,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  type AccessPoint,
  FileSystem,
  LifecyclePolicy,
  OutOfInfrequentAccessPolicy,
} from 'aws-cdk-lib/aws-efs';
import {
  AnyPrincipal,
  Effect,
  PolicyDocument,
  PolicyStatement,
  ServicePrincipal,
  StarPrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  type Bucket,
  type CorsRule,
  HttpMethods,
  type LifecycleRule,
  ObjectLockRetention,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { PrivateBucket, type PrivateBucketProps } from '../constructs/private-bucket.ts';
import { lifecycleOf } from '../lifecycle.ts';
import { keyProps, StageStack, type StageStackProps } from '../stage-stack.ts';
import type { Network } from './network-stack.ts';

export interface Buckets {
  /** Copies of providers' files. */
  readonly raw: Bucket;
  /** Manifests, plans, staging. */
  readonly work: Bucket;
  readonly results: Bucket;
  /** Parquet of the tables; answers of queries below `athena/`. */
  readonly analytics: Bucket;
  /** Access logs of the others, of the API and of CloudFront. */
  readonly logs: Bucket;
  /** Objects nobody can delete for a while; only where the configuration asks for it. */
  readonly evidence: Bucket | undefined;
}

/** Everything that holds data. */
export interface Storage {
  readonly buckets: Buckets;
  readonly table: TableV2;
  /** Of the table's stream: keys of what changed. */
  readonly tableStreamArn: string;
  readonly fileSystem: FileSystem;
  /** The folder jobs share, as user and group 1000. */
  readonly sharedFolder: AccessPoint;
  /** Encrypts everything, where the configuration asks for a key of one's own. */
  readonly key: Key | undefined;
}

export interface StorageStackProps extends StageStackProps {
  readonly network: Network;
}

/** User and group of the container image (`node`), and owner of what jobs share. */
const JOB_USER = '1000';

export class StorageStack extends StageStack implements Storage {
  readonly buckets: Buckets;
  readonly table: TableV2;
  readonly tableStreamArn: string;
  readonly fileSystem: FileSystem;
  readonly sharedFolder: AccessPoint;
  readonly key: Key | undefined;

  constructor(scope: Construct, props: StorageStackProps) {
    super(scope, 'storage', 'buckets, table and files', props);
    this.key = this.config.ownKey ? this.#ownKey() : undefined;
    this.buckets = this.#buckets();
    this.table = this.#table();
    this.tableStreamArn = streamArnOf(this.table);
    this.fileSystem = this.#files(props.network);
    this.sharedFolder = this.fileSystem.addAccessPoint('Shared', {
      path: '/swath',
      posixUser: { uid: JOB_USER, gid: JOB_USER },
      createAcl: { ownerUid: JOB_USER, ownerGid: JOB_USER, permissions: '750' },
    });
    this.#outputs();
  }

  /** Besides roles of the account, services use it that hand on events, alarms and logs. */
  #ownKey(): Key {
    const key = new Key(this, 'Key', {
      description: 'Data of Swath',
      enableKeyRotation: true,
      removalPolicy: this.dataRemoval,
    });
    const account = { StringEquals: { 'aws:SourceAccount': this.account } };
    const logs = {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': this.formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: '*',
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      },
    };
    const users = {
      'events.amazonaws.com': account,
      'cloudwatch.amazonaws.com': account,
      'budgets.amazonaws.com': account,
      'sns.amazonaws.com': account,
      'logs.amazonaws.com': logs,
    };
    for (const [service, conditions] of Object.entries(users)) {
      key.addToResourcePolicy(
        new PolicyStatement({
          sid: service.replace(/\..*/, ''),
          principals: [new ServicePrincipal(service)],
          actions: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:Encrypt', 'kms:DescribeKey'],
          resources: ['*'],
          conditions,
        }),
      );
    }
    return key;
  }

  #buckets(): Buckets {
    const { retention, evidence } = this.config;
    const removal = { policy: this.dataRemoval, empties: this.config.destroyData };
    // S3 delivers access logs with its own keys only.
    const logs = new PrivateBucket(this, 'Logs', { removal, lifecycleRules: lifecycleOf.logs(retention) })
      .bucket;
    const make = (
      id: string,
      lifecycleRules: readonly LifecycleRule[],
      more: Partial<PrivateBucketProps> = {},
    ) =>
      new PrivateBucket(this, id, {
        removal,
        lifecycleRules,
        accessLogs: { bucket: logs, prefix: `s3/${id.toLowerCase()}/` },
        ...keyProps(this.key),
        ...more,
      }).bucket;
    const results = make('Results', lifecycleOf.results(retention), { versioned: true });
    requireConditionalWrites(results);
    if (evidence !== undefined) {
      Annotations.of(this).addWarningV2(
        'swath:evidence',
        `Objects of the evidence bucket cannot be deleted for ${evidence.lockDays} days, and the bucket outlives the stack.`,
      );
    }
    return {
      logs,
      results,
      raw: make('Raw', lifecycleOf.raw(retention), { versioned: true }),
      work: make('Work', lifecycleOf.work(retention), { cors: [uploadCors] }),
      analytics: make('Analytics', lifecycleOf.analytics(retention)),
      evidence:
        evidence === undefined
          ? undefined
          : make('Evidence', lifecycleOf.evidence(), {
              versioned: true,
              // Emptying it would fail at the first locked object.
              removal: { policy: RemovalPolicy.RETAIN, empties: false },
              lock: ObjectLockRetention.governance(Duration.days(evidence.lockDays)),
            }),
    };
  }

  #table(): TableV2 {
    const key = (name: string) => ({ name, type: AttributeType.STRING });
    const table = new TableV2(this, 'Table', {
      partitionKey: key(tableDefinition.partitionKey),
      sortKey: key(tableDefinition.sortKey),
      globalSecondaryIndexes: tableDefinition.indexes.map((index) => ({
        indexName: index.indexName,
        partitionKey: key(index.partitionKey),
        sortKey: key(index.sortKey),
      })),
      billing: Billing.onDemand(),
      timeToLiveAttribute: tableDefinition.timeToLiveAttribute,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: !this.config.destroyData,
      removalPolicy: this.dataRemoval,
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      // Whoever is told reads the row as it is by then.
      dynamoStream: StreamViewType.KEYS_ONLY,
    });
    if (this.key !== undefined) encryptTable(table, this.key);
    return table;
  }

  #files({ vpc, subnets, jobs }: Network): FileSystem {
    const fileSystem = new FileSystem(this, 'Files', {
      vpc,
      vpcSubnets: subnets,
      securityGroup: new SecurityGroup(this, 'FilesAccess', {
        vpc,
        description: 'Files of Swath: NFS from jobs',
        allowAllOutbound: false,
      }),
      encrypted: true,
      ...(this.key === undefined ? {} : { kmsKey: this.key }),
      lifecyclePolicy: LifecyclePolicy.AFTER_7_DAYS,
      outOfInfrequentAccessPolicy: OutOfInfrequentAccessPolicy.AFTER_1_ACCESS,
      removalPolicy: this.dataRemoval,
      // A policy of our own, which allows nothing, in place of the CDK's, which lets whoever mounts write as root.
      allowAnonymousAccess: true,
      fileSystemPolicy: filesPolicy(),
    });
    fileSystem.connections.allowDefaultPortFrom(jobs, 'Jobs');
    return fileSystem;
  }

  #outputs(): void {
    const { results, raw } = this.buckets;
    new CfnOutput(this, 'ResultsBucket', { value: results.bucketName, description: 'Published results' });
    new CfnOutput(this, 'RawBucket', { value: raw.bucketName, description: "Copies of providers' files" });
    new CfnOutput(this, 'TableName', { value: this.table.tableName, description: 'Requests and results' });
  }
}

/** Browsers may PUT parts of uploads: the link is what lets them, wherever the page came from. */
const uploadCors: CorsRule = {
  allowedMethods: [HttpMethods.PUT],
  allowedOrigins: ['*'],
  allowedHeaders: ['content-type'],
  exposedHeaders: ['ETag'],
  maxAge: 3600,
};

/** Without a policy anybody in the network may mount. With this one, only roles that may, over TLS, and nobody as root. */
function filesPolicy(): PolicyDocument {
  const deny = (sid: string, actions: string[], conditions: Record<string, unknown>) =>
    new PolicyStatement({ sid, effect: Effect.DENY, principals: [new AnyPrincipal()], actions, conditions });
  const clients = ['Mount', 'Write', 'RootAccess'].map((what) => `elasticfilesystem:Client${what}`);
  return new PolicyDocument({
    statements: [
      deny('OverTlsOnly', clients, { Bool: { 'aws:SecureTransport': 'false' } }),
      deny('NobodyIsRoot', ['elasticfilesystem:ClientRootAccess'], {}),
    ],
  });
}

function streamArnOf(table: TableV2): string {
  if (table.tableStreamArn === undefined) throw new SwathError('Bug', 'The table has no stream.');
  return table.tableStreamArn;
}

/** The CDK renders keys of replicas only for stacks that are bound to a region; the only replica is the stack's own. */
function encryptTable(table: TableV2, key: Key): void {
  const resource = table.node.defaultChild;
  if (!(resource instanceof CfnGlobalTable)) throw new SwathError('Bug', 'A TableV2 is no global table.');
  resource.addPropertyOverride('SSESpecification', { SSEEnabled: true, SSEType: 'KMS' });
  resource.addPropertyOverride('Replicas.0.SSESpecification', { KMSMasterKeyId: key.keyArn });
}

/**
 * A result is written once: S3 refuses a put to `results/` without If-None-Match. The parts of an upload carry no
 * such header and are let through; the call that completes the upload carries it and is checked.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 */
function requireConditionalWrites(bucket: Bucket): void {
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid: 'WrittenOnce',
      effect: Effect.DENY,
      principals: [new StarPrincipal()],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects('results/*')],
      conditions: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
    }),
  );
}
