import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  type IFunction,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { handlerEntry } from '../bundling/handler-bundle.ts';
import { handlerCode } from '../bundling/handler-code.ts';
import type { RuntimePackage } from '../bundling/options.ts';
import { checkedEnvironment, type EnvironmentOf, type HandlerContract } from '../handler-contract.ts';

export interface HandlerFunctionProps<C extends HandlerContract> {
  /** Names the folder `lambdas/<name>`, its time-out, memory and variables. */
  readonly contract: C;
  /** Exactly the contract's variables. */
  readonly environment: EnvironmentOf<C>;
  /** Everything the handler may do, besides writing its log. */
  readonly statements: readonly PolicyStatement[];
  readonly logRetention: RetentionDays;
  /** Of the log group. */
  readonly removalPolicy: RemovalPolicy;
  /** @default arm64 */
  readonly architecture?: Architecture;
  /** What it keeps failing at when nobody waits for its answer (EventBridge, S3). @default none: it is called by a queue or by HTTP */
  readonly deadLetterQueue?: IQueue;
  /** Encrypts its log. @default CloudWatch's own key */
  readonly encryptionKey?: IKey;
  /** Native modules that are installed into the bundle for the function's processor. @default none */
  readonly installed?: readonly RuntimePackage[];
  /** One sentence. */
  readonly description: string;
}

/** A Lambda of `lambdas/`: one bundled ES module, JSON logs in a group of its own, a role with what is stated only. */
export class HandlerFunction<C extends HandlerContract = HandlerContract> extends Construct {
  readonly function: IFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;
  readonly contract: C;
  /** Native modules beside its bundle. */
  readonly installed: readonly RuntimePackage[];

  constructor(scope: Construct, id: string, props: HandlerFunctionProps<C>) {
    super(scope, id);
    const { contract, architecture = Architecture.ARM_64, installed = [], encryptionKey } = props;
    this.contract = contract;
    this.installed = installed;
    this.logGroup = new LogGroup(this, 'Log', {
      retention: props.logRetention,
      removalPolicy: props.removalPolicy,
      ...(encryptionKey === undefined ? {} : { encryptionKey }),
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Lambda ${contract.name} of Swath`,
    });
    this.role.addToPolicy(
      new PolicyStatement({
        sid: 'WriteOwnLog',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [this.logGroup.logGroupArn],
      }),
    );
    for (const statement of props.statements) this.role.addToPolicy(statement);
    this.function = new LambdaFunction(this, 'Function', {
      description: props.description,
      code: handlerCode(contract.name, {
        installed,
        architecture: architecture === Architecture.ARM_64 ? 'arm64' : 'x64',
      }),
      handler: handlerEntry,
      runtime: Runtime.NODEJS_24_X,
      architecture,
      timeout: Duration.seconds(contract.timeoutS),
      memorySize: contract.memoryMb,
      environment: checkedEnvironment(contract, props.environment),
      role: this.role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      ...(props.deadLetterQueue === undefined ? {} : { deadLetterQueue: props.deadLetterQueue }),
    });
  }
}
