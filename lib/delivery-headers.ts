import { Duration } from 'aws-cdk-lib';
import {
  HeadersFrameOption,
  HeadersReferrerPolicy,
  ResponseHeadersPolicy,
  type ResponseSecurityHeadersBehavior,
} from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';

const everywhere: ResponseSecurityHeadersBehavior = {
  strictTransportSecurity: {
    accessControlMaxAge: Duration.days(365),
    includeSubdomains: true,
    override: true,
  },
  contentTypeOptions: { override: true },
  frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
  referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
};

/**
 * Headers that clients in browsers may read: openEO's own, paging, ranges (packages/api/src/origins.ts has the same). A
 * test compares the two.
 */
export const exposedHeaders = [
  'Location',
  'Link',
  'Retry-After',
  'X-Request-Id',
  'Swath-Idempotent',
  'OpenEO-Identifier',
  'OpenEO-Costs',
  'ETag',
  'Repr-Digest',
  'Accept-Ranges',
  'Content-Range',
  'Content-Length',
] as const;

/**
 * Of answers of the API. It sets CORS itself; these stand in where API Gateway answers alone (401 without a token, 429),
 * so that a page in a browser sees the status and no network error.
 */
export const apiHeaders = (scope: Construct): ResponseHeadersPolicy =>
  new ResponseHeadersPolicy(scope, 'ApiHeaders', {
    comment: 'Swath: API',
    securityHeadersBehavior: everywhere,
    corsBehavior: {
      accessControlAllowCredentials: false,
      accessControlAllowHeaders: ['*'],
      accessControlAllowMethods: ['ALL'],
      accessControlAllowOrigins: ['*'],
      accessControlExposeHeaders: [...exposedHeaders],
      originOverride: false,
    },
  });

/** Of the site: nothing but its own files. */
export const siteHeaders = (scope: Construct): ResponseHeadersPolicy =>
  new ResponseHeadersPolicy(scope, 'SiteHeaders', {
    comment: 'Swath: site',
    securityHeadersBehavior: {
      ...everywhere,
      contentSecurityPolicy: {
        contentSecurityPolicy: [
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self'",
          "img-src 'self' data:",
          "connect-src 'self'",
          "base-uri 'none'",
          "form-action 'self'",
          "frame-ancestors 'none'",
        ].join('; '),
        override: true,
      },
    },
  });
