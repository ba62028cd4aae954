import { Aws, CfnOutput, Duration } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnUserPoolGroup,
  FeaturePlan,
  Mfa,
  OAuthScope,
  UserPool,
  UserPoolClient,
} from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { signInPages } from '../issuers.ts';
import { StageStack, type StageStackProps } from '../stage-stack.ts';

/** Rights by group; their order is the precedence. */
const groups = {
  admin: 'May do everything',
  operator: 'Sees and steers requests of the project, and its budget',
  requester: 'Orders imagery',
  viewer: 'Reads results',
} as const;

/** Who may sign in, where the configuration names no issuer of its own. People outlive functions: a stack of their own. */
export class IdentityStack extends StageStack {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  /** Where people may be sent back to after sign-in. */
  readonly signInPages: readonly string[];

  constructor(scope: Construct, props: StageStackProps) {
    super(scope, 'identity', 'people and their groups', props);
    const { config } = this;
    this.pool = new UserPool(this, 'People', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      featurePlan: FeaturePlan.ESSENTIALS,
      deletionProtection: !config.destroyData,
      removalPolicy: this.dataRemoval,
    });
    const domain = this.pool.addDomain('SignIn', {
      // Unique in the region: hence the account in it.
      cognitoDomain: { domainPrefix: `${config.name}-${config.stage}-${Aws.ACCOUNT_ID}` },
    });
    this.signInPages = signInPages(config);
    this.client = new UserPoolClient(this, 'Client', {
      userPool: this.pool,
      // A program on a user's machine keeps no secret: the code is bound to it by PKCE instead.
      generateSecret: false,
      authFlows: { userSrp: true },
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL, OAuthScope.PROFILE],
        callbackUrls: [...this.signInPages],
        logoutUrls: [
          ...signInPages({ auth: { ...config.auth, callbackUrls: [] }, delivery: config.delivery }),
        ],
      },
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      // A notebook that is opened once a month still works.
      refreshTokenValidity: Duration.days(30),
    });
    for (const [precedence, [name, description]] of Object.entries(groups).entries()) {
      new CfnUserPoolGroup(this, `Group-${name}`, {
        userPoolId: this.pool.userPoolId,
        groupName: name,
        description,
        precedence,
      });
    }
    const create = `aws cognito-idp admin-create-user --user-pool-id ${this.pool.userPoolId} --username <email>`;
    const join = `aws cognito-idp admin-add-user-to-group --user-pool-id ${this.pool.userPoolId} --username <email> --group-name requester`;
    new CfnOutput(this, 'UserPoolId', { value: this.pool.userPoolId, description: 'People who may sign in' });
    new CfnOutput(this, 'ClientId', {
      value: this.client.userPoolClientId,
      description: 'Client id for sign-in',
    });
    new CfnOutput(this, 'Issuer', {
      value: this.pool.userPoolProviderUrl,
      description: 'OpenID Connect issuer',
    });
    new CfnOutput(this, 'SignInUrl', { value: domain.baseUrl(), description: 'Where people sign in' });
    new CfnOutput(this, 'AddSomebody', {
      value: `${create} && ${join}`,
      description: 'Next: the first person',
    });
  }
}
