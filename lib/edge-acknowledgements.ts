import type { Acknowledgement } from './acknowledgements.ts';

/** Folder and name of the AWS construct that copies the site's files at deploy time. */
const copier = String.raw`^delivery\/Custom::CDKBucketDeployment[0-9A-F]+\/`;

/** Of identity, api, delivery and analytics. */
export const edgeAcknowledgements: readonly Acknowledgement[] = [
  {
    rule: /^AwsSolutions-COG8$/,
    path: /^identity\/People\/Resource$/,
    reason: 'The Plus plan bills for each person; a second factor is required instead, and nobody signs up.',
  },
  {
    rule: /^AwsSolutions-APIG4$/,
    path: /^api\/(Picture)?Routes\/(GET|HEAD|POST|OPTIONS) \|[^/]*\/Resource$/,
    reason:
      "Public in the API's route table, or a preflight; test/infra walks the table and finds everything else guarded.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*\/(manifests|manifests\/(zones|tables)|staging|results|pictures|uploads|quarantine)\/\*\]$/s,
    path: /^api\/(Function|Image)\/Role\/DefaultPolicy\/Resource$/,
    reason: 'Keys are made at run time; the prefix is the narrowest that holds those of this role.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::(\*|.*:batch:.*:job\/\*)\]$/s,
    path: /^api\/Function\/Role\/DefaultPolicy\/Resource$/,
    reason: 'Cancelling a request looks its jobs up, for which Batch knows no resource, and ends them by id.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*\/(results|statistics|requests|request_events|usage)\/\*\]$/s,
    path: /^analytics\/compact\/Role\/DefaultPolicy\/Resource$/,
    reason: 'Files of a table have names made at run time; each prefix is one table.',
  },
  {
    rule: /^AwsSolutions-SMG4$/,
    path: /^api\/OriginSecret\/Resource$/,
    reason:
      'CloudFormation puts the value into the distribution: a rotation without a deployment would shut CloudFront out.',
  },
  {
    rule: /^AwsSolutions-CFR1$/,
    path: /^delivery\/Distribution\/Resource$/,
    reason: 'Imagery is for everywhere; who may use it is decided by people, not by countries.',
  },
  {
    rule: /^AwsSolutions-CFR2$/,
    path: /^delivery\/Distribution\/Resource$/,
    reason: 'A web ACL bills while idle, so it is an option: delivery.webAclArn.',
  },
  {
    rule: /^AwsSolutions-CFR4$/,
    path: /^delivery\/Distribution\/Resource$/,
    reason:
      "CloudFront's own certificate fixes the policy at TLSv1; with delivery.domain it is TLS 1.2 (2021).",
  },
  {
    rule: /^AwsSolutions-L1$/,
    path: new RegExp(`${copier}Resource$`),
    reason: "The function is AWS's, part of the CDK, and chooses its own runtime.",
  },
  {
    rule: /^AwsSolutions-IAM4\[Policy::.*AWSLambdaBasicExecutionRole\]$/,
    path: new RegExp(`${copier}ServiceRole\\/Resource$`),
    reason: "The role is made by AWS's construct; it lives for deployments only.",
  },
  {
    rule: /^AwsSolutions-IAM5\[(Action::s3:(Abort|DeleteObject|GetBucket|GetObject|List)\*|Resource::.*)\]$/s,
    path: new RegExp(`${copier}ServiceRole\\/DefaultPolicy\\/Resource$`),
    reason:
      "AWS's construct reads the bootstrap bucket, writes the site's bucket, and invalidates a distribution, whose action knows no name beforehand.",
  },
];
