import { Aws, CfnOutput, Duration } from 'aws-cdk-lib';
import { AccountRecovery, CfnUserPoolGroup, FeaturePlan, Mfa, UserPool } from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
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
  /** Scheme and host of the pages where people sign in. */
  readonly signInUrl: string;

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
    this.signInUrl = domain.baseUrl();
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
    new CfnOutput(this, 'Issuer', {
      value: this.pool.userPoolProviderUrl,
      description: 'OpenID Connect issuer',
    });
    new CfnOutput(this, 'SignInUrl', { value: this.signInUrl, description: 'Where people sign in' });
    new CfnOutput(this, 'AddSomebody', {
      value: `${create} && ${join}`,
      description: 'Next: the first person',
    });
  }
}
