import { retentionTag } from '@swath/aws/retention';
import { tableDefinition } from '@swath/aws/table-definition';
import { describe, expect, it } from 'vitest';
import { jobContract } from '../../../batch-jobs/contract.ts';
import { PICTURES_PREFIX } from '../../../lambdas/image/contract.ts';
import type { Synthesised, Variants } from './synthesise.ts';
import { at, refOf, statementsOf } from './walk.ts';

export function storageSuite(variants: Variants, prod: Synthesised): void {
  describe.each(variants)('%s: storage', (_, app) => {
    const buckets = app.resources('AWS::S3::Bucket');
    const policies = [...app.resources('AWS::S3::BucketPolicy').values()];

    it('has buckets that are private, encrypted, owned and watched', () => {
      expect(buckets.size).toBeGreaterThanOrEqual(5);
      for (const [id, { Properties }] of buckets) {
        expect(Properties['PublicAccessBlockConfiguration'], id).toEqual({
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        });
        // CloudFront writes its log with an ACL.
        expect(at(Properties, 'OwnershipControls', 'Rules', 0, 'ObjectOwnership'), id).toBe(
          id.startsWith('delivery/Logs') ? 'BucketOwnerPreferred' : 'BucketOwnerEnforced',
        );
        expect(Properties['BucketEncryption'], id).toBeDefined();
        const isLog = /^(storage|delivery)\/Logs/.test(id);
        expect(Properties['LoggingConfiguration'] !== undefined, id).toBe(!isLog);
      }
    });

    it('has buckets that answer over TLS only', () => {
      for (const id of buckets.keys()) {
        const policy = policies.find(({ Properties }) => refOf(Properties['Bucket']) === id.split('/')[1]);
        const denied =
          policy === undefined ? [] : statementsOf(policy).filter(({ Effect }) => Effect === 'Deny');
        const insecure = denied.filter(
          ({ Condition }) => at(Condition, 'Bool', 'aws:SecureTransport') === 'false',
        );
        expect(
          insecure.map(({ Action }) => Action),
          id,
        ).toEqual([['s3:*']]);
      }
    });

    it('lets nobody write a result but once', () => {
      const statements = policies.flatMap(statementsOf);
      expect(statements.filter(({ Sid }) => Sid === 'WrittenOnce')).toEqual([
        expect.objectContaining({
          Effect: 'Deny',
          Principal: '*',
          Action: ['s3:PutObject'],
          Condition: {
            Null: { 's3:if-none-match': 'true' },
            Bool: { 's3:ObjectCreationOperation': 'true' },
          },
        }),
      ]);
    });

    it('clears up abandoned uploads everywhere', () => {
      for (const [id, { Properties }] of buckets) {
        const rules = at(Properties, 'LifecycleConfiguration', 'Rules');
        const parts = Array.isArray(rules)
          ? rules.filter((rule) => at(rule, 'AbortIncompleteMultipartUpload') !== undefined)
          : [];
        expect(parts.length, id).toBe(1);
      }
    });

    it('has a table with recovery to any moment, expiry, a stream of keys, and the indexes of its adapter', () => {
      const [table] = [...app.resources('AWS::DynamoDB::GlobalTable').values()];
      expect(table?.Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: tableDefinition.partitionKey, KeyType: 'HASH' },
          { AttributeName: tableDefinition.sortKey, KeyType: 'RANGE' },
        ],
        TimeToLiveSpecification: { AttributeName: tableDefinition.timeToLiveAttribute, Enabled: true },
      });
      expect(table?.Properties['StreamSpecification']).toEqual({ StreamViewType: 'KEYS_ONLY' });
      expect(at(table?.Properties, 'Replicas', 0, 'PointInTimeRecoverySpecification')).toEqual({
        PointInTimeRecoveryEnabled: true,
      });
      expect(at(table?.Properties, 'Replicas', 0, 'DeletionProtectionEnabled')).toBe(
        app.stage.storage.config.stage === 'prod',
      );
      const indexes = at(table?.Properties, 'GlobalSecondaryIndexes');
      expect(Array.isArray(indexes) ? indexes.map((index) => at(index, 'IndexName')) : []).toEqual(
        tableDefinition.indexes.map((index) => index.indexName),
      );
    });

    it('keeps its data in prod, and empties it in dev', () => {
      const { stage } = app.stage.storage.config;
      const kept = ['AWS::S3::Bucket', 'AWS::DynamoDB::GlobalTable', 'AWS::EFS::FileSystem'];
      for (const type of kept) {
        for (const [id, { DeletionPolicy }] of app.resources(type)) {
          expect(DeletionPolicy, id).toBe(
            stage === 'prod' || id.startsWith('storage/Evidence') ? 'Retain' : 'Delete',
          );
        }
      }
    });

    it('has files that are encrypted and mounted with an identity over TLS', () => {
      const [files] = [...app.resources('AWS::EFS::FileSystem').values()];
      expect(files?.Properties).toMatchObject({ Encrypted: true });
      const statements = files === undefined ? [] : statementsOf(files);
      expect(statements.map(({ Effect, Action, Condition }) => ({ Effect, Action, Condition }))).toEqual([
        {
          Effect: 'Deny',
          Action: ['Mount', 'RootAccess', 'Write'].map((what) => `elasticfilesystem:Client${what}`),
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
        { Effect: 'Deny', Action: ['elasticfilesystem:ClientRootAccess'], Condition: undefined },
      ]);
      const [point] = [...app.resources('AWS::EFS::AccessPoint').values()];
      const { uid, gid } = jobContract.user;
      expect(at(point?.Properties, 'PosixUser')).toEqual({ Uid: String(uid), Gid: String(gid) });
    });
  });

  describe('retention', () => {
    const rulesOf = (app: Synthesised, bucket: string): unknown[] => {
      const [found] = [...app.resources('AWS::S3::Bucket')].filter(([id]) =>
        id.startsWith(`storage/${bucket}`),
      );
      const rules = at(found?.[1].Properties, 'LifecycleConfiguration', 'Rules');
      return Array.isArray(rules) ? rules : [];
    };

    it('keeps raw files at least a week, then colder, then purges them', () => {
      expect(rulesOf(prod, 'Raw')).toContainEqual(
        expect.objectContaining({
          ExpirationInDays: 365,
          Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 30 }],
        }),
      );
    });

    it('of results is their tag’s, and without one they stay', () => {
      const expiring = rulesOf(prod, 'Results').filter((rule) => at(rule, 'ExpirationInDays') !== undefined);
      expect(expiring.length).toBeGreaterThan(3);
      for (const rule of expiring) {
        // Pictures that were too large for an answer are no results.
        if (at(rule, 'Prefix') === PICTURES_PREFIX) continue;
        const days = String(at(rule, 'ExpirationInDays'));
        expect(at(rule, 'TagFilters')).toEqual([{ Key: retentionTag, Value: days }]);
      }
    });
  });
}
