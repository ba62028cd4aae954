import { CfnOutput, Duration } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { contract as api } from '../../lambdas/api/contract.ts';
import { apiGatewayRoutes, pictureGatewayRoutes } from '../../lambdas/api/gateway-routes.ts';
import { contract as authorizer, ORIGIN_HEADER } from '../../lambdas/authorizer/contract.ts';
import { contract as image, PICTURES_PREFIX } from '../../lambdas/image/contract.ts';
import { accessLogFormat } from '../access-log.ts';
import { ApiRoutes } from '../constructs/api-routes.ts';
import { HandlerFunction } from '../constructs/handler-function.ts';
import { deviceSignInOf, issuersOf, type OwnSignIn, oidcProvidersOf } from '../issuers.ts';
import { signInClient } from '../sign-in-client.ts';
import { keyProps, StageStack, type StageStackProps } from '../stage-stack.ts';
import { readObjects, useKey, writeObjects } from '../statements.ts';
import { KEPT_PREFIX } from '../upload-statements.ts';
import type { IdentityStack } from './identity-stack.ts';
import type { Ordering } from './ordering-stack.ts';
import type { Storage } from './storage-stack.ts';

/**
 * Calls a second, of everybody together, and how many may come at once: what the functions' default concurrency of
 * 1,000 can bear with answers of half a second, ten times over. More are answered 429.
 */
const CALLS_PER_SECOND = 200;
const CALLS_AT_ONCE = 400;

const SECRET_LENGTH = 48;

/** What others build in front of, or look at. */
export interface Api {
  readonly httpApi: HttpApi;
  /** `api`, `image`, `authorizer`. */
  readonly functions: ReadonlyMap<string, HandlerFunction>;
  /** What CloudFront has to send along, where callers must come through it. */
  readonly originSecret: Secret | undefined;
}

export interface ApiStackProps extends StageStackProps {
  readonly storage: Storage;
  readonly ordering: Ordering;
  /** Our own user pool, where the configuration names no issuer. */
  readonly identity: IdentityStack | undefined;
}

export class ApiStack extends StageStack implements Api {
  readonly httpApi: HttpApi;
  readonly functions: ReadonlyMap<string, HandlerFunction>;
  readonly originSecret: Secret | undefined;
  /** With our own user pool. */
  readonly #signIn: OwnSignIn | undefined;

  constructor(scope: Construct, props: ApiStackProps) {
    super(scope, 'api', 'HTTP API', props);
    const { config } = this;
    // A firewall that can be walked around is none: the API then answers CloudFront only.
    this.originSecret =
      config.delivery.webAclArn === undefined
        ? undefined
        : new Secret(this, 'OriginSecret', {
            description: 'What CloudFront says to the API, so that nobody calls it past the firewall',
            generateSecretString: { passwordLength: SECRET_LENGTH, excludePunctuation: true },
            ...keyProps(props.storage.key),
          });
    this.httpApi = new HttpApi(this, 'Api', {
      description: `Swath (${config.stage})`,
      createDefaultStage: false,
    });
    this.#stage(props.storage);
    this.#signIn = this.#ownSignIn(props.identity);
    const apiFunction = this.#apiFunction(props);
    const authorizerFunction = this.#authorizerFunction(props);
    const imageFunction = this.#imageFunction(props);
    this.functions = new Map([
      ['api', apiFunction],
      ['image', imageFunction],
      ['authorizer', authorizerFunction],
    ]);
    const authorizerOf = (id: string, identitySource: readonly string[]) =>
      new HttpLambdaAuthorizer(id, authorizerFunction.function, {
        responseTypes: [HttpLambdaResponseType.SIMPLE],
        identitySource: [...identitySource],
        resultsCacheTtl: Duration.seconds(authorizer.cacheS),
      });
    const fromCloudFront = this.originSecret === undefined ? [] : [`$request.header.${ORIGIN_HEADER}`];
    const authorizers = {
      authorizer: authorizerOf('Caller', [...fromCloudFront, '$request.header.Authorization']),
      ...(fromCloudFront.length === 0 ? {} : { openAuthorizer: authorizerOf('Origin', fromCloudFront) }),
    };
    const integrationOf = ({ contract, function: target }: HandlerFunction) =>
      new HttpLambdaIntegration(contract.name, target, {
        scopePermissionToRoute: false,
        timeout: Duration.seconds(contract.timeoutS),
      });
    new ApiRoutes(this, 'Routes', {
      api: this.httpApi,
      routes: apiGatewayRoutes(),
      integration: integrationOf(apiFunction),
      takesTheRest: 'yes',
      ...authorizers,
    });
    new ApiRoutes(this, 'PictureRoutes', {
      api: this.httpApi,
      routes: pictureGatewayRoutes(),
      integration: integrationOf(imageFunction),
      ...authorizers,
    });
    new CfnOutput(this, 'ApiEndpoint', {
      value: this.httpApi.apiEndpoint,
      description: 'The API itself; people use the address that the delivery stack gives',
    });
  }

  /**
   * Pages for people have the deployment's name, or else API Gateway's own: CloudFront's is known only when all of this
   * is made. Behind a firewall API Gateway answers CloudFront alone: without a name there are then no pages.
   */
  #ownSignIn(identity: IdentityStack | undefined): OwnSignIn | undefined {
    if (identity === undefined) return undefined;
    const { domain } = this.config.delivery;
    const direct = this.originSecret === undefined ? this.httpApi.apiEndpoint : undefined;
    const own = signInClient(
      this,
      this.config,
      identity,
      domain === undefined ? direct : `https://${domain.name}`,
    );
    new CfnOutput(this, 'ClientId', { value: own.client, description: 'Client id for sign-in' });
    return own;
  }

  #stage({ key }: Storage): void {
    const logGroup = new LogGroup(this, 'AccessLog', {
      retention: this.logRetention,
      removalPolicy: this.logRemoval,
      ...keyProps(key),
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.httpApi,
      stageName: '$default',
      autoDeploy: true,
      detailedMetricsEnabled: false,
      throttle: { rateLimit: CALLS_PER_SECOND, burstLimit: CALLS_AT_ONCE },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup),
        format: AccessLogFormat.custom(accessLogFormat(this)),
      },
    });
  }

  #apiFunction({ storage, ordering }: ApiStackProps): HandlerFunction {
    const { domain } = this.config.delivery;
    const devices = deviceSignInOf(this.#signIn);
    return new HandlerFunction(this, 'Function', {
      contract: api,
      environment: {
        SWATH_OIDC_PROVIDERS: this.toJsonString(oidcProvidersOf(this.config.auth, this.#signIn)),
        ...(devices === undefined ? {} : { SWATH_DEVICE_SIGN_IN: this.toJsonString(devices) }),
        ...ordering.variables,
        SWATH_RAW_BUCKET: storage.buckets.raw.bucketName,
        ...(domain === undefined ? {} : { SWATH_PUBLIC_URL: `https://${domain.name}` }),
      },
      statements: ordering.statementsOf('api'),
      // A plan looks at pixels of its scenes, whose blocks may be JPEG or WebP.
      installed: ['sharp'],
      logRetention: this.logRetention,
      removalPolicy: this.logRemoval,
      architecture: this.architecture,
      description: 'The API of Swath: requests, results, STAC and openEO',
      ...keyProps(storage.key),
    });
  }

  #imageFunction({ storage, ordering }: ApiStackProps): HandlerFunction {
    const { domain } = this.config.delivery;
    const { results, raw } = storage.buckets;
    return new HandlerFunction(this, 'Image', {
      contract: image,
      environment: {
        SWATH_TABLE: ordering.variables.SWATH_TABLE,
        SWATH_RESULTS_BUCKET: ordering.variables.SWATH_RESULTS_BUCKET,
        SWATH_RAW_BUCKET: storage.buckets.raw.bucketName,
        SWATH_STAC_APIS: ordering.variables.SWATH_STAC_APIS,
        SWATH_DEFAULT_PROVIDER: ordering.variables.SWATH_DEFAULT_PROVIDER,
        ...(domain === undefined ? {} : { SWATH_PUBLIC_URL: `https://${domain.name}` }),
      },
      statements: [
        new PolicyStatement({
          sid: 'MayRead',
          actions: ['dynamodb:GetItem'],
          resources: [storage.table.tableArn],
        }),
        // Uploaded imagery is searched by collection and time, and read where it is kept.
        new PolicyStatement({
          sid: 'SearchUploads',
          actions: ['dynamodb:Query'],
          resources: [storage.table.tableArn, `${storage.table.tableArn}/index/project`],
        }),
        ...readObjects('Kept', raw, [KEPT_PREFIX]),
        // The link to a picture too large for an answer is signed with this role: it has to be able to read it.
        ...readObjects('Results', results, ['results/', PICTURES_PREFIX]),
        writeObjects('Pictures', results, [PICTURES_PREFIX]),
        ...useKey(storage.key),
      ],
      installed: ['sharp'],
      logRetention: this.logRetention,
      removalPolicy: this.logRemoval,
      architecture: this.architecture,
      description: 'Tiles, pictures and previews',
      ...keyProps(storage.key),
    });
  }

  #authorizerFunction({ storage }: ApiStackProps): HandlerFunction {
    const secret = this.originSecret;
    return new HandlerFunction(this, 'Authorizer', {
      contract: authorizer,
      environment: {
        SWATH_ISSUERS: this.toJsonString(issuersOf(this.config.auth, this.#signIn)),
        ...(secret === undefined ? {} : { SWATH_ORIGIN_SECRET: secret.secretArn }),
      },
      statements:
        secret === undefined
          ? []
          : [
              new PolicyStatement({
                sid: 'ReadOriginSecret',
                actions: ['secretsmanager:GetSecretValue'],
                resources: [secret.secretArn],
              }),
            ],
      logRetention: this.logRetention,
      removalPolicy: this.logRemoval,
      architecture: this.architecture,
      description: 'Reads the token of a call: which project, which roles',
      ...keyProps(storage.key),
    });
  }
}
