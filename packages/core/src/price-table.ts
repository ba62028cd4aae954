/** One list price: what AWS asks for one of `per`, and where that is written. */
export interface Price {
  readonly usd: number;
  readonly per: string;
  /** The page of AWS that says it, below https://aws.amazon.com/. */
  readonly source: string;
  /** Year and month of the price list it was taken from. */
  readonly seen: `${number}-${number}`;
}

/** Written down by hand from the price lists of this month. A price that is looked up anew brings its own month. */
const seen = '2026-06';

const price = (usd: number, per: string, source: string): Price => ({ usd, per, source, seen });

/**
 * List prices of us-west-2 (of us-east-1 where a service bills there) in USD, without tax and free allowances. Everything that says what
 * something costs reads them here: docs/cost.md, what synthesis prints, and the price of a request. A price that changes is changed here
 * with its month, and the page written again.
 */
export const priceTable = {
  alarmMetricMonth: price(0.1, 'metric an alarm looks at, a month', 'cloudwatch/pricing/'),
  dashboardMonth: price(3, 'dashboard, a month', 'cloudwatch/pricing/'),
  logGb: price(0.5, 'GB of logs written', 'cloudwatch/pricing/'),
  sqsMillion: price(0.4, 'million calls of SQS', 'sqs/pricing/'),
  lambdaGbSecondArm: price(0.0000133334, 'GB-second of Lambda on Arm', 'lambda/pricing/'),
  lambdaGbSecondX86: price(0.0000166667, 'GB-second of Lambda on x86', 'lambda/pricing/'),
  lambdaMillion: price(0.2, 'million calls of functions', 'lambda/pricing/'),
  tableReadMillion: price(0.125, 'million read units, on demand', 'dynamodb/pricing/on-demand/'),
  tableWriteMillion: price(0.625, 'million write units, on demand', 'dynamodb/pricing/on-demand/'),
  s3GbMonth: price(0.023, 'GB in S3 Standard, a month', 's3/pricing/'),
  s3PutThousand: price(0.005, 'thousand writes and lists of S3', 's3/pricing/'),
  s3GetThousand: price(0.0004, 'thousand reads of S3', 's3/pricing/'),
  transferOutGb: price(0.09, 'GB out of AWS', 's3/pricing/'),
  transferRegionGb: price(0.02, 'GB from one region to another', 's3/pricing/'),
  ecrGbMonth: price(0.1, 'GB of images in ECR, a month', 'ecr/pricing/'),
  eventMillion: price(1, 'million events of ours', 'eventbridge/pricing/'),
  archiveGb: price(0.1, 'GB of events in an archive', 'eventbridge/pricing/'),
  fargateArmVcpuHour: price(0.03238, 'vCPU of Fargate on Arm, an hour', 'fargate/pricing/'),
  fargateArmGbHour: price(0.00356, 'GB of memory of Fargate on Arm, an hour', 'fargate/pricing/'),
  fargateX86VcpuHour: price(0.04048, 'vCPU of Fargate on x86, an hour', 'fargate/pricing/'),
  fargateX86GbHour: price(0.004445, 'GB of memory of Fargate on x86, an hour', 'fargate/pricing/'),
  fargateDiskGbHour: price(0.000111, 'GB of disk of a task above 20, an hour', 'fargate/pricing/'),
  publicIpHour: price(0.005, 'public IPv4 address, an hour', 'vpc/pricing/'),
  natGatewayHour: price(0.045, 'NAT gateway, an hour', 'vpc/pricing/'),
  natGb: price(0.045, 'GB through a NAT gateway', 'vpc/pricing/'),
  endpointHour: price(0.01, 'interface endpoint in one zone, an hour', 'privatelink/pricing/'),
  endpointGb: price(0.01, 'GB through an interface endpoint', 'privatelink/pricing/'),
  apiMillion: price(1, 'million calls of an HTTP API', 'api-gateway/pricing/'),
  athenaTb: price(5, 'TB that queries scan', 'athena/pricing/'),
  keyMonth: price(1, 'KMS key, a month; two rotations each add as much', 'kms/pricing/'),
  keyUsesTenThousand: price(0.03, 'ten thousand uses of a key', 'kms/pricing/'),
  secretMonth: price(0.4, 'secret, a month', 'secrets-manager/pricing/'),
  webAclMonth: price(5, 'web ACL, a month', 'waf/pricing/'),
  webAclRuleMonth: price(1, 'rule of a web ACL, a month', 'waf/pricing/'),
  webAclMillion: price(0.6, 'million calls through a web ACL', 'waf/pricing/'),
  hostedZoneMonth: price(0.5, 'hosted zone, a month', 'route53/pricing/'),
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof priceTable;

/** The numbers alone, by name. */
export const prices = Object.fromEntries(
  Object.entries(priceTable).map(([name, { usd }]) => [name, usd]),
) as { readonly [Name in PriceName]: number };

/** Those that the price of a request is made of, which a configuration may replace. */
export const requestPriceNames = [
  'fargateArmVcpuHour',
  'fargateArmGbHour',
  'fargateX86VcpuHour',
  'fargateX86GbHour',
  'fargateDiskGbHour',
  'publicIpHour',
  's3GbMonth',
  's3PutThousand',
  's3GetThousand',
  'transferRegionGb',
  'tableReadMillion',
  'tableWriteMillion',
  'lambdaGbSecondArm',
  'lambdaGbSecondX86',
  'lambdaMillion',
  'sqsMillion',
  'eventMillion',
  'apiMillion',
  'logGb',
] as const satisfies readonly PriceName[];
export type RequestPriceName = (typeof requestPriceNames)[number];

/** Month of the newest of them: the version of the list. */
export const priceListMonth: string = requestPriceNames
  .map((name) => priceTable[name].seen)
  .reduce((newest, month) => (month > newest ? month : newest));

export { HOURS_PER_MONTH } from './month.ts';
