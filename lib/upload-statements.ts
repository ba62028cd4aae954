import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Storage } from './stacks/storage-stack.ts';
import { readObjects, writeObjects } from './statements.ts';

/** Prefix of the work bucket; packages/uploads/src/rows.ts has the same. */
export const QUARANTINE_PREFIX = 'quarantine/';

/** Prefix of the raw bucket; packages/uploads/src/rows.ts has the same. */
export const KEPT_PREFIX = 'uploads/';

/**
 * What uploads need of the buckets. Who holds a link to a part acts as the role that signed it: it may put below the
 * quarantine, where nobody but these roles reads.
 */
export function uploadStatements(
  role: 'takes' | 'checks' | 'sweeps',
  { buckets: { work, raw } }: Pick<Storage, 'buckets'>,
): PolicyStatement[] {
  const quarantine = work.arnForObjects(`${QUARANTINE_PREFIX}*`);
  const kept = raw.arnForObjects(`${KEPT_PREFIX}*`);
  const ends = new PolicyStatement({
    sid: 'EndUploads',
    actions: ['s3:DeleteObject', 's3:AbortMultipartUpload'],
    resources: [quarantine],
  });
  if (role === 'sweeps') return [ends];
  const common = [
    ...readObjects('Quarantine', work, [QUARANTINE_PREFIX]),
    ...readObjects('Kept', raw, [KEPT_PREFIX]),
    ends,
    new PolicyStatement({ sid: 'DeleteKept', actions: ['s3:DeleteObject'], resources: [kept] }),
  ];
  return role === 'checks'
    ? [...common, writeObjects('Kept', raw, [KEPT_PREFIX])]
    : [
        ...common,
        writeObjects('Quarantine', work, [QUARANTINE_PREFIX]),
        new PolicyStatement({
          sid: 'ListParts',
          actions: ['s3:ListMultipartUploadParts'],
          resources: [quarantine],
        }),
      ];
}
