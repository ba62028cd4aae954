import { edgeAcknowledgements } from './edge-acknowledgements.ts';

/** A finding of cdk-nag that is meant to be as it is. */
export interface Acknowledgement {
  /** Of the rule with what it found, such as `AwsSolutions-IAM5[Resource::*]`. */
  readonly rule: RegExp;
  /** Of the constructs, below the stage: `storage/Logs/Bucket/Resource`. */
  readonly path: RegExp;
  readonly reason: string;
}

/** Every one with its reason; those that match nothing in any tested configuration fail the tests. */
export const acknowledgements: readonly Acknowledgement[] = [
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*\/(manifests|staging|scenes|results|requests|request_events|statistics|usage|uploads|quarantine)\/\*\]$/s,
    path: /^(processing\/\w+Role|ordering\/\w+\/Role)\/DefaultPolicy\/Resource$/,
    reason: 'Keys are made at run time; the prefix is the narrowest that holds those of this role.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    path: /^processing\/ExecutionRole\/DefaultPolicy\/Resource$/,
    reason: 'ecr:GetAuthorizationToken knows no resource; pulling is limited to the one repository.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    path: /^ordering\/(order|dispatch|track|reconcile|relay)\/Role\/DefaultPolicy\/Resource$/,
    reason: 'batch:ListJobs and batch:DescribeJobs know no resource.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*:batch:.*:job\/\*\]$/s,
    path: /^ordering\/(track|reconcile|relay)\/Role\/DefaultPolicy\/Resource$/,
    reason:
      'Ids of jobs are made when they are submitted; only jobs that carry a name of ours are cancelled.',
  },
  {
    rule: /^AwsSolutions-IAM4\[Policy::.*AmazonEC2ContainerServiceforEC2Role\]$/,
    path: /^processing\/SharedFiles\/InstanceRole\/Resource$/,
    reason: 'What the ECS agent of a machine needs changes with the agent; AWS keeps this policy up to date.',
  },
  {
    rule: /^AwsSolutions-SQS3$/,
    path: /^events\/Undelivered\/Queue\/Resource$/,
    reason: 'It is the dead-letter queue of rules, which cdk-nag does not look at.',
  },
  {
    rule: /^AwsSolutions-SQS3$/,
    path: /^ordering\/DeadChanges\/Queue\/Resource$/,
    reason: "It is where an event source mapping's failures go, which cdk-nag does not look at.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*(:table\/\w+\/\*|\/(results|requests|request_events|statistics|usage|athena)\/\*)\]$/s,
    path: /^analytics\/Readers\/Resource$/,
    reason: 'All tables of our database, and all files of theirs; keys are made at run time.',
  },
  ...edgeAcknowledgements,
];
