import { join } from 'node:path';
import { prices } from '@swath/core/price-table';
import { Annotations, CfnOutput, Duration } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CacheCookieBehavior,
  CacheHeaderBehavior,
  CachePolicy,
  CacheQueryStringBehavior,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  type IOrigin,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  PriceClass,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { AaaaRecord, ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import type { Construct } from 'constructs';
import { ORIGIN_HEADER } from '../../lambdas/authorizer/contract.ts';
import { PUBLIC_HOST_HEADER } from '../../lambdas/support/public-host.ts';
import { asBucket } from '../as-interface.ts';
import { repository } from '../bundling/options.ts';
import { PrivateBucket } from '../constructs/private-bucket.ts';
import { apiHeaders, siteHeaders } from '../delivery-headers.ts';
import { lifecycleOf } from '../lifecycle.ts';
import { webAclMonthlyUsd } from '../prices.ts';
import { StageStack, type StageStackProps } from '../stage-stack.ts';
import type { Api } from './api-stack.ts';

/**
 * Pictures are kept at least this long at the edge, although they call themselves private, because the Authorization
 * header is part of their key: each caller has his own. Below the 15 minutes that the links live to which large
 * pictures are redirected.
 */
const PICTURES_LEAST = Duration.minutes(10);

/**
 * Unless told otherwise CloudFront keeps errors for 10 s, also where nothing else is kept, and by a key that may not even
 * hold who asked: what was missing, or failed, would go on doing so. These are all the statuses it can be told of.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
 */
const ERRORS_NEVER_KEPT = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504].map((httpStatus) => ({
  httpStatus,
  ttl: Duration.seconds(0),
}));

export interface DeliveryStackProps extends StageStackProps {
  readonly api: Api;
}

/** One address for everything: the API by default, the site below `/ui/`, pictures kept at the edge. */
export class DeliveryStack extends StageStack {
  readonly distribution: Distribution;
  /** `https://...`, without a slash at the end. */
  readonly publicUrl: string;

  constructor(scope: Construct, props: DeliveryStackProps) {
    super(scope, 'delivery', 'one address for API, pictures and site', props);
    const { domain, webAclArn } = this.config.delivery;
    const logs = this.#logBucket();
    const site = this.#siteBucket(logs);
    const api = this.#apiOrigin(props.api);
    const common = this.#common();
    const apiBehaviour = {
      ...common,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      responseHeadersPolicy: apiHeaders(this),
    };
    const pictures: BehaviorOptions = { ...apiBehaviour, origin: api, cachePolicy: this.#pictureCache() };
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `Swath (${this.config.stage})`,
      defaultBehavior: { ...apiBehaviour, origin: api, cachePolicy: CachePolicy.CACHING_DISABLED },
      additionalBehaviors: {
        '/tiles/*': pictures,
        '/ui*': {
          ...common,
          origin: S3BucketOrigin.withOriginAccessControl(asBucket(site)),
          cachePolicy: CachePolicy.CACHING_OPTIMIZED,
          responseHeadersPolicy: siteHeaders(this),
        },
      },
      errorResponses: ERRORS_NEVER_KEPT,
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      enableLogging: true,
      logBucket: asBucket(logs),
      logFilePrefix: 'cloudfront/',
      ...(webAclArn === undefined ? {} : { webAclId: webAclArn }),
      ...(domain === undefined
        ? {}
        : {
            domainNames: [domain.name],
            minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
            certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
          }),
    });
    this.#records();
    this.#content(site);
    if (webAclArn !== undefined) {
      Annotations.of(this).addInfo(
        `delivery.webAclArn: a web ACL bills ${webAclMonthlyUsd()} USD a month while idle, ${prices.webAclRuleMonth} USD for each rule, and ${prices.webAclMillion.toFixed(2)} USD per million calls.`,
      );
    }
    this.publicUrl = `https://${domain?.name ?? this.distribution.distributionDomainName}`;
    new CfnOutput(this, 'Url', {
      value: this.publicUrl,
      description: 'STAC, openEO and API. Next: export SWATH_URL=<this> && npx swath indices NDVI',
    });
    new CfnOutput(this, 'SiteUrl', { value: `${this.publicUrl}/ui/`, description: 'For people' });
    new CfnOutput(this, 'SiteBucket', { value: site.bucketName, description: 'Files of the site' });
  }

  /**
   * CloudFront writes its standard log with an ACL, and the way without (delivery by CloudWatch Logs) has to be made in
   * us-east-1: this one bucket lets its writers set ACLs, and owns what they write.
   *
   * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html
   */
  #logBucket(): Bucket {
    return new Bucket(this, 'Logs', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      lifecycleRules: lifecycleOf.logs(this.config.retention),
      removalPolicy: this.dataRemoval,
      autoDeleteObjects: this.config.destroyData,
    });
  }

  /** Beside the distribution and not with the other buckets: each has to name the other. Its content is in the repository. */
  #siteBucket(logs: Bucket): Bucket {
    return new PrivateBucket(this, 'Site', {
      removal: { policy: this.dataRemoval, empties: this.config.destroyData },
      lifecycleRules: lifecycleOf.site(),
      accessLogs: { bucket: logs, prefix: 's3/site/' },
    }).bucket;
  }

  #apiOrigin({ httpApi, originSecret }: Api): IOrigin {
    return new HttpOrigin(`${httpApi.apiId}.execute-api.${this.region}.${this.urlSuffix}`, {
      protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
      readTimeout: Duration.seconds(30),
      ...(originSecret === undefined
        ? {}
        : // A reference that CloudFormation resolves: the secret itself is in no template.
          { customHeaders: { [ORIGIN_HEADER]: originSecret.secretValue.unsafeUnwrap() } }),
    });
  }

  #common(): Omit<BehaviorOptions, 'origin'> {
    const names = new EdgeFunction(this, 'Names', {
      comment: 'Swath: people to the site, the public name to the API',
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromFile({ filePath: join(repository, 'lib/edge-function.js') }),
    });
    return {
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      compress: true,
      functionAssociations: [{ function: names, eventType: FunctionEventType.VIEWER_REQUEST }],
    };
  }

  /** The path begins with the content key, so that a picture never changes; who asks is part of the key. */
  #pictureCache(): CachePolicy {
    return new CachePolicy(this, 'Pictures', {
      comment: 'Swath: pictures by content key, parameters and caller',
      headerBehavior: CacheHeaderBehavior.allowList('Authorization', 'Accept', PUBLIC_HOST_HEADER),
      queryStringBehavior: CacheQueryStringBehavior.all(),
      cookieBehavior: CacheCookieBehavior.none(),
      enableAcceptEncodingGzip: true,
      enableAcceptEncodingBrotli: true,
      minTtl: PICTURES_LEAST,
      defaultTtl: PICTURES_LEAST,
      maxTtl: Duration.days(1),
    });
  }

  #records(): void {
    const { domain } = this.config.delivery;
    if (domain?.hostedZoneId === undefined) return;
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', {
      hostedZoneId: domain.hostedZoneId,
      zoneName: domain.name,
    });
    const target = RecordTarget.fromAlias(new CloudFrontTarget(this.distribution));
    new ARecord(this, 'Ipv4', { zone, target });
    new AaaaRecord(this, 'Ipv6', { zone, target });
  }

  #content(site: Bucket): void {
    new BucketDeployment(this, 'Content', {
      destinationBucket: asBucket(site),
      destinationKeyPrefix: 'ui',
      sources: [
        Source.asset(join(repository, 'web/landing')),
        Source.asset(join(repository, 'docs/images'), { exclude: ['*', '!request.png'] }),
      ],
      cacheControl: [CacheControl.fromString('public, max-age=300')],
      distribution: this.distribution,
      distributionPaths: ['/ui/*'],
      prune: true,
      logGroup: new LogGroup(this, 'ContentLog', {
        retention: this.logRetention,
        removalPolicy: this.logRemoval,
      }),
    });
  }
}
