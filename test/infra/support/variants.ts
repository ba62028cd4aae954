import type { StageName } from '../../../lib/config.ts';

/** Every option that makes another template, besides the two stages as they are. */
const isolated = { network: { mode: 'isolated' }, evidence: { lockDays: 7 }, ownKey: true };
const own = {
  network: {
    vpc: {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: ['us-west-2a'],
      subnetIds: ['subnet-0123456789abcdef0'],
    },
  },
  compute: { architecture: 'x86_64', sharedFilesMaxVcpus: 0, readonlyRoot: false },
  operatorEmail: 'me@example.org',
  auth: { oidcIssuer: 'https://login.example.org/realms/x', oidcAudiences: ['swath'] },
  delivery: {
    domain: {
      name: 'imagery.example.org',
      certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef',
      hostedZoneId: 'Z0123456789ABCDEFGHIJ',
    },
    webAclArn: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/x/01234567-89ab-cdef-0123-456789abcdef',
  },
  analytics: {
    dynamodbConnector: { version: '2025.1.1' },
    readers: ['arn:aws:iam::111122223333:role/PowerBI', 'arn:aws:iam::444455556666:root'],
  },
};
const nat = {
  network: { mode: 'nat' },
  compute: { onSharedFiles: ['process'] },
  retention: { resultsDays: 90 },
  prices: { factor: 1.2, usd: { fargateArmVcpuHour: 0.05 }, fargateShare: 0.5, imagery: 'other-region' },
};

export const configurations: readonly {
  readonly name: string;
  readonly stage: StageName;
  readonly file: object;
}[] = [
  { name: 'dev', stage: 'dev', file: {} },
  { name: 'prod', stage: 'prod', file: {} },
  { name: 'dev, isolated, with a key and evidence', stage: 'dev', file: { dev: isolated } },
  { name: 'prod, in a VPC that is there', stage: 'prod', file: { prod: own } },
  { name: 'prod, behind NAT', stage: 'prod', file: { prod: nat } },
];
