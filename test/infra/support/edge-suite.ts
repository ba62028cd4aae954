import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyticsTables, analyticsViews, namedQueries } from '@swath/analytics/tables/index';
import { routes } from '@swath/api';
import { pictureRoutes } from '@swath/api/routes/index';
import { describe, expect, it } from 'vitest';
import { alarmsOf } from '../../../lib/alarms.ts';
import { repository } from '../../../lib/bundling/options.ts';
import { runbookSections } from '../../../lib/runbook.ts';
import type { Resource, Synthesised, Variants } from './synthesise.ts';
import { at, recordOf, refOf, stringsOf } from './walk.ts';

const one = (found: ReadonlyMap<string, Resource>): Resource['Properties'] => {
  expect(found.size).toBe(1);
  return [...found.values()][0]?.Properties ?? {};
};

/** Identity, API, delivery, analytics and observability, in every configuration. */
export function edgeSuite(variants: Variants): void {
  describe.each(variants)('%s: the API', (_, app) => {
    const gateway = app.resources('AWS::ApiGatewayV2::Route');
    const byKey = new Map(
      [...gateway.values()].map(({ Properties }) => [String(Properties['RouteKey']), Properties]),
    );
    const authorizers = app.resources('AWS::ApiGatewayV2::Authorizer');
    const sourcesOf = (route: unknown): readonly unknown[] => {
      const id = refOf(at(route, 'AuthorizerId'));
      const found = authorizers.get(`api/${id}`);
      return stringsOf(found?.Properties['IdentitySource']);
    };
    const withToken = (route: unknown) =>
      at(route, 'AuthorizationType') === 'CUSTOM' &&
      sourcesOf(route).includes('$request.header.Authorization');

    /** The route API Gateway takes for a call of one of ours: the exact one, or the default. */
    const taken = (method: string, path: string) => byKey.get(`${method} ${path}`) ?? byKey.get('$default');

    it('reads a token on every route that is not public, and on no other', () => {
      for (const { method, path, auth } of routes) {
        expect(withToken(taken(method, path)), `${method} ${path}`).toBe(auth !== 'public');
        if (method === 'GET') expect(withToken(taken('HEAD', path)), `HEAD ${path}`).toBe(auth !== 'public');
      }
      expect(withToken(byKey.get('$default'))).toBe(true);
    });

    it('lets preflights through', () => {
      for (const key of ['OPTIONS /', 'OPTIONS /{proxy+}'])
        expect(withToken(byKey.get(key)), key).toBe(false);
    });

    it('sends pictures to the image handler, and everything else to the API', () => {
      const targets = (keys: readonly (string | undefined)[]) =>
        new Set(keys.map((key) => JSON.stringify(byKey.get(key ?? '')?.['Target'])));
      const pictures = targets(pictureRoutes.map(({ method, path }) => `${method} ${path}`));
      expect(pictures.size).toBe(1);
      expect(pictures).not.toEqual(targets(['$default']));
    });

    it('keeps answers of the authorizer for 300 s, in the simple form of payload 2.0', () => {
      for (const { Properties } of authorizers.values()) {
        expect(Properties).toMatchObject({
          AuthorizerPayloadFormatVersion: '2.0',
          AuthorizerResultTtlInSeconds: 300,
          EnableSimpleResponses: true,
        });
      }
    });

    it('is throttled, and logs each call as JSON without query and headers', () => {
      const stage = one(app.resources('AWS::ApiGatewayV2::Stage'));
      expect(at(stage, 'DefaultRouteSettings', 'ThrottlingRateLimit')).toBeGreaterThan(0);
      const format: unknown = JSON.parse(String(at(stage, 'AccessLogSettings', 'Format')));
      expect(stringsOf(format).join(' ')).not.toMatch(/querystring|header|claims/i);
    });

    it('cuts no call before its function ends', () => {
      for (const { Properties } of app.resources('AWS::ApiGatewayV2::Integration').values()) {
        expect(Properties['TimeoutInMillis']).toBe(29_000);
      }
    });
  });

  describe.each(variants)('%s: sign-in', (_, app) => {
    const pools = app.resources('AWS::Cognito::UserPool');

    it('is a pool with a second factor and four groups, or an issuer elsewhere', () => {
      const theirs = app.stage.identity === undefined;
      expect(pools.size).toBe(theirs ? 0 : 1);
      if (theirs) return;
      expect(one(pools)).toMatchObject({
        MfaConfiguration: 'ON',
        EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      });
      const groups = [...app.resources('AWS::Cognito::UserPoolGroup').values()];
      expect(groups.map(({ Properties }) => Properties['GroupName']).sort()).toEqual([
        'admin',
        'operator',
        'requester',
        'viewer',
      ]);
      expect(one(app.resources('AWS::Cognito::UserPoolClient'))).toMatchObject({
        GenerateSecret: false,
        AllowedOAuthFlows: ['code'],
        PreventUserExistenceErrors: 'ENABLED',
      });
    });

    it('gives device codes in front of the pool, where Cognito can send people back to', () => {
      const api = one(
        new Map([...app.resources('AWS::Lambda::Function')].filter(([id]) => id.startsWith('api/Function'))),
      );
      const told = at(api, 'Environment', 'Variables', 'SWATH_DEVICE_SIGN_IN');
      const { domain, webAclArn } = app.stage.delivery.config.delivery;
      const client = [...app.resources('AWS::Cognito::UserPoolClient').values()][0]?.Properties;
      const back = stringsOf(client?.['CallbackURLs']).filter((text) => text.endsWith('/device/callback'));
      if (client === undefined || (webAclArn !== undefined && domain === undefined)) {
        expect([told, back]).toEqual([undefined, []]);
        return;
      }
      const text = stringsOf(told).join('');
      expect(text).toContain('"provider":"cognito"');
      for (const path of ['authorize', 'token', 'userInfo', 'revoke'])
        expect(text).toContain(`/oauth2/${path}"`);
      expect(text).not.toMatch(/secret/i);
      expect(back).toHaveLength(1);
      if (domain !== undefined) {
        expect(back).toEqual([`https://${domain.name}/device/callback`]);
        expect(text).toContain(`"pagesUrl":"https://${domain.name}"`);
      } else {
        // API Gateway's own address, by reference: CloudFront's is not known yet.
        for (const address of [client['CallbackURLs'], told]) {
          expect(JSON.stringify(address)).toMatch(/"Fn::GetAtt":\["Api\w+","ApiEndpoint"\]/);
        }
      }
      const providers = at(api, 'Environment', 'Variables', 'SWATH_OIDC_PROVIDERS');
      expect(stringsOf(providers).join('')).toContain('urn:ietf:params:oauth:grant-type:device_code+pkce');
    });

    it('is the only thing the authorizer is told of', () => {
      const functions = [...app.resources('AWS::Lambda::Function').values()];
      const told = functions.filter(({ Properties }) =>
        at(Properties, 'Environment', 'Variables', 'SWATH_ISSUERS'),
      );
      expect(told).toHaveLength(1);
      const text = stringsOf(at(told[0]?.Properties, 'Environment', 'Variables', 'SWATH_ISSUERS')).join('');
      expect(text).toMatch(pools.size === 0 ? /"audiences":\["swath"\]/ : /"tokenUse":\["access"\]/);
    });
  });

  describe.each(variants)('%s: delivery', (_, app) => {
    const config = at(one(app.resources('AWS::CloudFront::Distribution')), 'DistributionConfig');
    const others = recordOf(at(config, 'CacheBehaviors'));
    const behaviours = [at(config, 'DefaultCacheBehavior'), ...Object.values(others)];
    const { domain, webAclArn } = app.stage.delivery.config.delivery;

    it('answers by https only, with security headers, after the function that names the host', () => {
      for (const behaviour of behaviours) {
        expect(behaviour).toMatchObject({
          ViewerProtocolPolicy: 'redirect-to-https',
          ResponseHeadersPolicyId: expect.anything(),
          FunctionAssociations: [{ EventType: 'viewer-request' }],
        });
      }
      for (const { Properties } of app.resources('AWS::CloudFront::ResponseHeadersPolicy').values()) {
        expect(at(Properties, 'ResponseHeadersPolicyConfig', 'SecurityHeadersConfig')).toMatchObject({
          StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000 },
          ContentTypeOptions: { Override: true },
          FrameOptions: { FrameOption: 'DENY' },
        });
      }
    });

    it('lets pages read the headers that openEO and paging need', () => {
      const exposed = [...app.resources('AWS::CloudFront::ResponseHeadersPolicy').values()].flatMap(
        ({ Properties }) =>
          stringsOf(
            at(Properties, 'ResponseHeadersPolicyConfig', 'CorsConfig', 'AccessControlExposeHeaders'),
          ),
      );
      expect(exposed).toEqual(
        expect.arrayContaining(['Location', 'OpenEO-Identifier', 'OpenEO-Costs', 'Link', 'Content-Range']),
      );
      // The same list as the API's own answers carry.
      const own = readFileSync(join(repository, 'packages/api/src/origins.ts'), 'utf8');
      for (const name of exposed) expect(own).toContain(`'${name}'`);
    });

    it('reads the site by origin access control, from a bucket nobody else can read', () => {
      const origins = Object.values(recordOf(at(config, 'Origins')));
      const withAccess = origins.filter((origin) => at(origin, 'OriginAccessControlId') !== undefined);
      expect(withAccess).toHaveLength(1);
      expect(one(app.resources('AWS::CloudFront::OriginAccessControl'))).toMatchObject({
        OriginAccessControlConfig: { SigningBehavior: 'always', SigningProtocol: 'sigv4' },
      });
    });

    it('keeps no error, which would go to other callers too and outlive what it was about', () => {
      const errors = at(config, 'CustomErrorResponses');
      const kept = new Map(
        (Array.isArray(errors) ? errors : []).map((error) => [
          at(error, 'ErrorCode'),
          at(error, 'ErrorCachingMinTTL'),
        ]),
      );
      // All that CloudFront takes; what is not named is kept for 10 s, whatever its Cache-Control says.
      for (const status of [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504]) {
        expect([status, kept.get(status)]).toEqual([status, 0]);
      }
      expect(JSON.stringify(errors)).not.toContain('ResponsePagePath');
    });

    it('never gives one caller the picture of another', () => {
      const parameters = at(
        one(app.resources('AWS::CloudFront::CachePolicy')),
        'CachePolicyConfig',
        'ParametersInCacheKeyAndForwardedToOrigin',
      );
      expect(stringsOf(at(parameters, 'HeadersConfig', 'Headers'))).toContain('Authorization');
      expect(at(parameters, 'QueryStringsConfig', 'QueryStringBehavior')).toBe('all');
    });

    it('has the name, the certificate and the firewall that were asked for, and then answers CloudFront alone', () => {
      expect(at(config, 'Aliases')).toEqual(domain === undefined ? undefined : [domain.name]);
      expect(at(config, 'WebACLId')).toBe(webAclArn);
      expect(at(config, 'ViewerCertificate', 'MinimumProtocolVersion')).toBe(
        domain === undefined ? undefined : 'TLSv1.2_2021',
      );
      const sources = [...app.resources('AWS::ApiGatewayV2::Authorizer').values()].map(({ Properties }) =>
        stringsOf(Properties['IdentitySource']),
      );
      const open = [...app.resources('AWS::ApiGatewayV2::Route').values()].filter(
        ({ Properties }) => Properties['AuthorizationType'] !== 'CUSTOM',
      );
      if (webAclArn === undefined) return;
      expect(open).toEqual([]);
      for (const list of sources) expect(list[0]).toBe('$request.header.x-swath-origin');
      expect(JSON.stringify(at(config, 'Origins'))).toContain('resolve:secretsmanager');
    });
  });

  describe.each(variants)('%s: analytics', (_, app) => {
    it('holds queries to the workgroup: scan limit, encrypted answers', () => {
      const group = one(app.resources('AWS::Athena::WorkGroup'));
      expect(at(group, 'WorkGroupConfiguration')).toMatchObject({
        EnforceWorkGroupConfiguration: true,
        BytesScannedCutoffPerQuery: 100_000_000_000,
        ResultConfiguration: {
          EncryptionConfiguration: { EncryptionOption: expect.stringMatching(/^SSE_/) },
        },
      });
      expect(stringsOf(group['Tags'])).toContain('GrafanaDataSource');
    });

    it('has every table with projected partitions, every view and every query', () => {
      const tables = [...app.resources('AWS::Glue::Table').values()].map(({ Properties }) =>
        at(Properties, 'TableInput'),
      );
      const named = new Map(tables.map((table) => [at(table, 'Name'), table]));
      expect(named.size).toBe(analyticsTables.length + analyticsViews.length);
      for (const { filesTable } of analyticsTables) {
        expect(at(named.get(filesTable), 'Parameters')).toMatchObject({ 'projection.enabled': 'true' });
      }
      for (const { name } of analyticsViews) expect(at(named.get(name), 'TableType')).toBe('VIRTUAL_VIEW');
      expect(app.resources('AWS::Athena::NamedQuery').size).toBe(namedQueries.length);
    });
  });

  describe.each(variants)('%s: observability', (_, app) => observability(app));
}

function observability(app: Synthesised): void {
  const texts = [...app.texts.values()].join('\n');

  it('draws metrics of resources there are', () => {
    const dashboard = one(app.resources('AWS::CloudWatch::Dashboard'));
    const body = stringsOf(dashboard['DashboardBody']).join('');
    const spaces = new Set([...body.matchAll(/\["((?:AWS|Swath)[\w/-]*)","/g)].map(([, name]) => name));
    const { name, stage } = app.stage.observability.config;
    expect([...spaces].sort()).toEqual([
      'AWS/ApiGateway',
      'AWS/Billing',
      'AWS/Lambda',
      'AWS/SQS',
      'AWS/Usage',
      'Swath',
      `Swath/${name}-${stage}`,
    ]);
    const filters = [...app.resources('AWS::Logs::MetricFilter').values()];
    for (const { Properties } of filters) {
      const [made] = Object.values(recordOf(Properties['MetricTransformations']));
      expect(body).toContain(String(at(made, 'MetricNamespace')));
      expect(body).toContain(String(at(made, 'MetricName')));
    }
    for (const name of Object.keys(recordOf(dashboard['DashboardBody']))) expect(name).toMatch(/^Fn::/);
  });

  it('has every alarm of the table, each with its section of the runbook', () => {
    const made = [...app.resources('AWS::CloudWatch::Alarm').keys()].filter((id) =>
      id.startsWith('observability/'),
    );
    expect(made).toHaveLength(alarmsOf(app.stage.observability.config.stage).length);
    const runbook = readFileSync(join(repository, 'docs/runbook.md'), 'utf8');
    const headings = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect([...runbookSections].sort()).toEqual([...headings].sort());
    const named = new Set(alarmsOf(app.stage.observability.config.stage).map(({ section }) => section));
    const queues = ['queue-age', 'dead-letters'];
    for (const section of [...named, ...queues]) expect(runbookSections).toContain(section);
    for (const section of runbookSections) {
      if (named.has(section) || queues.includes(section))
        expect(texts).toContain(`docs/runbook.md#${section}`);
    }
  });

  it('draws few enough metrics for the dashboard to be one of the three that are free for good', () => {
    const dashboard = one(app.resources('AWS::CloudWatch::Dashboard'));
    const body = stringsOf(dashboard['DashboardBody']).join('');
    const drawn = [...body.matchAll(/\["(?:AWS|Swath)[\w/-]*",/g)].length;
    expect(drawn).toBeGreaterThan(30);
    expect(drawn).toBeLessThanOrEqual(50);
  });

  it('tells the operator of money', () => {
    const budget = one(app.resources('AWS::Budgets::Budget'));
    expect(at(budget, 'Budget', 'BudgetLimit', 'Amount')).toBe(
      app.stage.observability.config.monthlyBudgetUsd,
    );
    expect(Object.values(recordOf(budget['NotificationsWithSubscribers']))).toHaveLength(2);
  });
}
