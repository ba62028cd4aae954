import type { Permission } from './policy.ts';

/** What a role allows although no test run used it, and why. A rule that covers nothing any more fails the test. */
export interface Reserve {
  /** Names as the recorders have them: functions, and `job <name>`. */
  readonly who: RegExp;
  readonly action: RegExp;
  /** Of the ARN. @default any */
  readonly resource?: RegExp;
  readonly because: string;
}

const machine = /^(order|acquire|dispatch|publish|record|track)$/;

export const reserve: readonly Reserve[] = [
  { who: /^[a-z]+$/, action: /^logs:/, because: 'Lambda writes the log for the function, with its role.' },
  {
    who: /^(order|acquire|dispatch|publish|record|track|uploads)$/,
    action: /^sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes)$/,
    because: 'The event source mapping takes messages with the role of the function; here the test does.',
  },
  {
    who: /^(track|reconcile)$/,
    action: /^sqs:SendMessage$/,
    resource: /deadevents/,
    because:
      'Lambda sends what failed at every attempt to the queue of dead events, with the role of the function.',
  },
  {
    who: /^compact$/,
    action: /^sqs:SendMessage$/,
    resource: /deadruns/,
    because: 'Lambda sends a run that failed at every attempt there, with the role of the function.',
  },
  {
    who: /^compact$/,
    action: /^s3:(PutObject|DeleteObject)$/,
    because: 'Files are merged when their day is over; merging is shown by packages/analytics/src/compact.',
  },
  {
    who: /^api$/,
    action: /^batch:(DescribeJobs|TerminateJob)$/,
    because: 'Cancelling ends jobs that run; moto ends jobs before anybody could.',
  },
  {
    who: /^api$/,
    action: /^s3:GetObject$/,
    resource: /\/(manifests|staging)\//,
    because: 'The view of a request that failed or is partial reads the reports of its chunks; none did.',
  },
  {
    who: /^api$/,
    action: /^dynamodb:ConditionCheckItem$/,
    because: 'Waking those who wait for the same content; nobody waited for what was cancelled.',
  },
  {
    who: /^image$/,
    action: /^s3:(GetObject|PutObject)$/,
    resource: /\/pictures\//,
    because: 'A picture too large for an answer is put there and linked to; the tiny results make none.',
  },
  {
    who: /^uploads$/,
    action: /^(dynamodb:DeleteItem|s3:DeleteObject)$/,
    resource: /table\/|\/uploads\//,
    because: 'An upload that is deleted while it is checked: what the check wrote meanwhile goes, too.',
  },
  {
    who: /^uploads$/,
    action: /^s3:GetObject$/,
    resource: /\/uploads\//,
    because: 'A second check of a file finds it kept by the first, which ended before it could say so.',
  },
  {
    who: /^api$/,
    action: /^s3:GetObject$/,
    resource: /\/quarantine\//,
    because: 'Completing again looks whether an earlier call joined the parts and could not say so.',
  },
  { who: /^job /, action: /^elasticfilesystem:/, because: 'The mount itself: an engine does it.' },
  {
    who: /./,
    action: /^s3:AbortMultipartUpload$/,
    because: 'Clears up after an upload that failed; none did.',
  },
  {
    who: /./,
    action: /^s3:ListBucket$/,
    because: 'S3 says 404 instead of 403 for what is not there; every object this caller looked for was.',
  },
  {
    who: machine,
    action: /^dynamodb:(ConditionCheckItem|Query)$/,
    because: 'Reading the timeline and sharing content between requests; not on the path taken.',
  },
  {
    who: machine,
    action: /^sqs:SendMessage$/,
    resource: /orderqueue/,
    because:
      'Whoever ends a request wakes those that wait for the same content, and automatic attempts begin there.',
  },
  {
    who: /^(acquire|dispatch|track)$/,
    action: /^sqs:SendMessage$/,
    resource: /recordqueue/,
    because: 'Whoever ends a request has it recorded; here the ends were reached elsewhere.',
  },
  {
    who: /^record$/,
    action: /^s3:GetObject$/,
    because: 'Files are created once: a second delivery looks at what the first one wrote.',
  },
  {
    who: /^order$/,
    action: /^sqs:SendMessage$/,
    resource: /dispatchqueue/,
    because: 'Scenes that need no job go on at once.',
  },
  { who: /^dispatch$/, action: /^events:PutEvents$/, because: 'A request that fails while it is planned.' },
  {
    who: /^(dispatch|track)$/,
    action: /^s3:GetObject$/,
    resource: /\/manifests\//,
    because: 'A second delivery of a message finds the plan that the first one wrote.',
  },
  {
    who: /^dispatch$/,
    action: /^batch:SubmitJob$/,
    resource: /publish/,
    because: 'A plan all of whose chunks an earlier attempt made goes straight to publishing.',
  },
  {
    who: /^track$/,
    action: /^batch:TerminateJob$/,
    because: 'A job that nobody waits for any more; moto ends jobs before anybody could.',
  },
  {
    who: /^job acquire$/,
    action: /^s3:GetObject$/,
    resource: /\/staging\//,
    because: 'A failure looks whether an earlier attempt left a success, which it must not hide.',
  },
  {
    who: /^job publish$/,
    action: /^s3:GetObject$/,
    resource: /\/results\//,
    because: 'A file that is already there is compared before it counts as ours.',
  },
  {
    who: /^relay$/,
    action: /^dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams)$/,
    because: 'The event source mapping reads the stream with the role of the function; here the test does.',
  },
  {
    who: /^relay$/,
    action: /^sqs:SendMessage$/,
    resource: /deadchanges/,
    because: 'The event source mapping says there what it gave up, with the role of the function.',
  },
  {
    who: /^relay$/,
    action: /^(dynamodb|events|sqs|s3|batch):/,
    because: 'It performs any effect that any writer left; in this run a message, a job and news were.',
  },
  {
    who: /^reconcile$/,
    action: /^(dynamodb|events|sqs|s3|batch):/,
    because: 'The sweep does whatever another function left undone; in this run none did.',
  },
];

/** The rules that cover a permission. */
export function rulesFor(who: string, { action, resource }: Permission): readonly Reserve[] {
  return reserve.filter(
    (rule) => rule.who.test(who) && rule.action.test(action) && (rule.resource ?? /./).test(resource),
  );
}
