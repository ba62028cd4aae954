import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { STSClient } from '@aws-sdk/client-sts';

/** What the doctor and destroy ask. Region and credentials are the SDK's: environment, profile, instance. */
export interface AccountClients {
  readonly sts: STSClient;
  readonly cloudFormation: CloudFormationClient;
  readonly quotas: ServiceQuotasClient;
  readonly ec2: EC2Client;
  /** Undefined when no region is configured. */
  region(): Promise<string | undefined>;
}

export interface AccountOptions {
  readonly region?: string;
  /** One server for every service, and its credentials: for tests. */
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export function accountClients(options: AccountOptions = {}): AccountClients {
  const sts = new STSClient(options);
  return {
    sts,
    cloudFormation: new CloudFormationClient(options),
    quotas: new ServiceQuotasClient(options),
    ec2: new EC2Client(options),
    async region() {
      try {
        return await sts.config.region();
      } catch (error) {
        // The SDK's only way to say that there is none.
        if (error instanceof Error && error.message.includes('Region is missing')) return undefined;
        throw error;
      }
    },
  };
}
