import {
  type AnalyticsTable,
  type AnalyticsView,
  analyticsTables,
  analyticsViews,
  athenaViewText,
  glueParameters,
  glueType,
  namedQueries,
} from '@swath/analytics/tables/index';
import { Annotations, CfnOutput, Duration } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { ArnPrincipal, CompositePrincipal, ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { CfnApplication } from 'aws-cdk-lib/aws-sam';
import type { Construct } from 'constructs';
import { contract as compact } from '../../lambdas/compact/contract.ts';
import { DeadLetterQueue } from '../constructs/dead-letter-queue.ts';
import { HandlerFunction } from '../constructs/handler-function.ts';
import { tablePrefixes } from '../machine-statements.ts';
import { readerStatements } from '../reader-statements.ts';
import { keyProps, StageStack, type StageStackProps } from '../stage-stack.ts';
import { readObjects, useKey, writeObjects } from '../statements.ts';
import type { Events } from './events-stack.ts';
import type { Storage } from './storage-stack.ts';

const GB = 1_000_000_000;

/** Where answers of queries go; a lifecycle rule of the bucket deletes them. */
const ANSWERS_PREFIX = 'athena/';

/** SQL over what there is. */
export interface Analytics {
  readonly workGroupName: string;
  readonly databaseName: string;
  /** Merges small files of the tables. */
  readonly compact: HandlerFunction;
  /** Runs of it that failed. */
  readonly deadRuns: DeadLetterQueue;
}

export interface AnalyticsStackProps extends StageStackProps {
  readonly storage: Storage;
  readonly events: Events;
}

export class AnalyticsStack extends StageStack implements Analytics {
  readonly workGroupName: string;
  readonly databaseName: string;
  readonly compact: HandlerFunction;
  readonly deadRuns: DeadLetterQueue;

  constructor(scope: Construct, props: AnalyticsStackProps) {
    super(scope, 'analytics', 'tables, views and queries', props);
    const { name, stage, analytics } = this.config;
    // Names that people type into queries, so they are ours; the stage keeps them apart.
    this.databaseName = `${name.replaceAll('-', '_')}_${stage}`;
    this.workGroupName = `${name}-${stage}`;
    const database = new CfnDatabase(this, 'Database', {
      catalogId: this.account,
      databaseInput: {
        name: this.databaseName,
        description: 'Requests, results, statistics, usage of Swath',
      },
    });
    const bucketUrl = `s3://${props.storage.buckets.analytics.bucketName}/`;
    for (const table of analyticsTables) this.#table(database, table, bucketUrl);
    for (const view of analyticsViews) this.#view(database, view);
    const workGroup = this.#workGroup(bucketUrl, props.storage);
    for (const query of namedQueries) {
      const made = new CfnNamedQuery(this, `Query-${query.name}`, {
        name: query.name,
        description: query.description,
        database: this.databaseName,
        queryString: query.sql,
        workGroup: this.workGroupName,
      });
      made.addResourceDependency(workGroup);
      made.addResourceDependency(database);
    }
    this.deadRuns = new DeadLetterQueue(this, 'DeadRuns', {
      title: 'compaction',
      alarmTopic: props.events.operatorTopic,
      ...keyProps(props.storage.key),
    });
    this.compact = this.#compact(props.storage);
    this.#readers(props.storage);
    if (analytics.dynamodbConnector !== undefined) {
      this.#connector(props.storage, analytics.dynamodbConnector.version);
    }
    new CfnOutput(this, 'WorkGroupName', {
      value: this.workGroupName,
      description: `Athena workgroup. Next: npx swath sql --athena <this> --database ${this.databaseName} 'SELECT * FROM requests LIMIT 10'`,
    });
    new CfnOutput(this, 'DatabaseName', { value: this.databaseName, description: 'Glue database' });
  }

  #table(database: CfnDatabase, table: AnalyticsTable, bucketUrl: string): void {
    const made = new CfnTable(this, `Table-${table.filesTable}`, {
      catalogId: this.account,
      databaseName: this.databaseName,
      tableInput: {
        name: table.filesTable,
        description: table.description,
        tableType: 'EXTERNAL_TABLE',
        parameters: glueParameters(table, bucketUrl),
        partitionKeys: table.partitions.map(({ name, glueType: type, description }) => ({
          name,
          type,
          comment: description,
        })),
        storageDescriptor: {
          location: `${bucketUrl}${table.prefix}`,
          columns: table.columns.map(({ name, type, description }) => ({
            name,
            type: glueType(type),
            comment: description,
          })),
          inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
          serdeInfo: {
            serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
            parameters: { 'serialization.format': '1' },
          },
        },
      },
    });
    made.addResourceDependency(database);
  }

  /** As Athena keeps views: a Glue table whose text is Trino's definition. */
  #view(database: CfnDatabase, view: AnalyticsView): void {
    const made = new CfnTable(this, `View-${view.name}`, {
      catalogId: this.account,
      databaseName: this.databaseName,
      tableInput: {
        name: view.name,
        description: view.description,
        tableType: 'VIRTUAL_VIEW',
        parameters: { presto_view: 'true', comment: view.title },
        partitionKeys: [],
        storageDescriptor: {
          columns: view.columns.map(({ name, type, description }) => ({
            name,
            type: glueType(type),
            comment: description,
          })),
          serdeInfo: {},
        },
        viewOriginalText: athenaViewText(view, this.databaseName),
        viewExpandedText: '/* Presto View */',
      },
    });
    made.addResourceDependency(database);
  }

  #workGroup(bucketUrl: string, { key }: Storage): CfnWorkGroup {
    return new CfnWorkGroup(this, 'WorkGroup', {
      name: this.workGroupName,
      description: 'Queries of Swath, with a limit on what one may scan',
      // Deleting it deletes queries that people have saved in it.
      recursiveDeleteOption: this.config.destroyData,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: this.config.analytics.scanLimitGb * GB,
        requesterPaysEnabled: false,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `${bucketUrl}${ANSWERS_PREFIX}`,
          expectedBucketOwner: this.account,
          encryptionConfiguration:
            key === undefined
              ? { encryptionOption: 'SSE_S3' }
              : { encryptionOption: 'SSE_KMS', kmsKey: key.keyArn },
        },
      },
      // Grafana's managed policy for Athena reaches workgroups with this tag only.
      tags: [{ key: 'GrafanaDataSource', value: 'true' }],
    });
  }

  #compact(storage: Storage): HandlerFunction {
    const { analytics } = storage.buckets;
    const handler = new HandlerFunction(this, 'compact', {
      contract: compact,
      environment: { SWATH_ANALYTICS_BUCKET: analytics.bucketName },
      statements: [
        ...readObjects('Tables', analytics, tablePrefixes),
        writeObjects('Tables', analytics, tablePrefixes),
        new PolicyStatement({
          sid: 'RemoveMerged',
          actions: ['s3:DeleteObject'],
          resources: tablePrefixes.map((prefix) => analytics.arnForObjects(`${prefix}*`)),
        }),
        ...useKey(storage.key),
      ],
      logRetention: this.logRetention,
      removalPolicy: this.logRemoval,
      architecture: this.architecture,
      deadLetterQueue: this.deadRuns.queue,
      description: 'Merges small files of the tables',
      ...keyProps(storage.key),
    });
    new Rule(this, 'Compaction', {
      description: 'Merging of small files',
      schedule: Schedule.rate(Duration.seconds(compact.periodS)),
      targets: [
        new LambdaFunction(handler.function, {
          deadLetterQueue: this.deadRuns.queue,
          retryAttempts: 1,
          maxEventAge: Duration.hours(1),
        }),
      ],
    });
    return handler;
  }

  /** Who reads the tables: a policy to attach, and a role with it for those whom the configuration names. */
  #readers(storage: Storage): void {
    const { workGroupName, databaseName } = this;
    const policy = new ManagedPolicy(this, 'Readers', {
      description: 'Reads the tables of Swath through Athena',
      statements: [
        ...readerStatements(this, { storage, workGroupName, databaseName, answersPrefix: ANSWERS_PREFIX }),
      ],
    });
    new CfnOutput(this, 'ReaderPolicyArn', {
      value: policy.managedPolicyArn,
      description:
        'May query the tables. Next: aws iam attach-role-policy --policy-arn <this> --role-name ROLE',
    });
    const principals = this.config.analytics.readers.map((arn) => new ArnPrincipal(arn));
    const [first, ...others] = principals;
    if (first === undefined) return;
    const role = new Role(this, 'ReaderRole', {
      description: 'Reads the tables of Swath through Athena: Power BI, Grafana, people',
      assumedBy: new CompositePrincipal(first, ...others),
      managedPolicies: [policy],
    });
    new CfnOutput(this, 'ReaderRoleArn', {
      value: role.roleArn,
      description:
        'Role of those who read. Next: aws sts assume-role --role-session-name sql --role-arn <this>',
    });
  }

  /** Live queries of the table, as `"lambda:<catalogue>".default.<table>`. AWS's own code, in this account. */
  #connector({ buckets }: Storage, semanticVersion: string): void {
    const catalogue = `${this.workGroupName}-dynamodb`;
    new CfnApplication(this, 'Connector', {
      location: {
        applicationId: `arn:${this.partition}:serverlessrepo:us-east-1:292517598671:applications/AthenaDynamoDBConnector`,
        semanticVersion,
      },
      parameters: {
        AthenaCatalogName: catalogue,
        SpillBucket: buckets.analytics.bucketName,
        SpillPrefix: `${ANSWERS_PREFIX}spill`,
        DisableSpillEncryption: 'false',
      },
    });
    Annotations.of(this).addInfo(
      "The Athena connector for DynamoDB reads every table of the account: its role is AWS's, not ours.",
    );
    new CfnOutput(this, 'ConnectorName', {
      value: catalogue,
      description: 'Lambda to query: "lambda:<this>"',
    });
  }
}
