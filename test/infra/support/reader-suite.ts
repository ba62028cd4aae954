import { analyticsTables } from '@swath/analytics/tables/index';
import { describe, expect, it } from 'vitest';
import type { Synthesised, Variants } from './synthesise.ts';
import { at, statementsOf, stringsOf } from './walk.ts';

/** The end of an ARN that is put together at deploy time: `workgroup/swath-dev`, `/results/*`. */
const tailOf = (arn: unknown): string => {
  const strings = stringsOf(arn);
  return String(strings.at(-1) ?? '').replace(/^.*:(?=[^:]*$)/, '');
};

function readersOf(app: Synthesised) {
  const policies = [...app.resources('AWS::IAM::ManagedPolicy').values()];
  expect(policies).toHaveLength(1);
  return policies.flatMap(statementsOf);
}

/** Those who read the tables: what they may, and nothing else. */
export function readerSuite(variants: Variants): void {
  describe.each(variants)('%s: readers of the tables', (name, app) => {
    const statements = readersOf(app);
    const { workGroupName, databaseName } = app.stage.analytics;
    const hasKey = name.includes('with a key');
    const tables = analyticsTables.map(({ prefix }) => `/${prefix}*`).sort();
    const actions = statements.flatMap(({ Action }) => Action);
    const placesOf = (action: string) =>
      statements
        .filter(({ Action }) => Action.includes(action))
        .flatMap(({ Resource = [] }) => Resource.map(tailOf))
        .sort();

    it('query in our workgroup alone', () => {
      for (const action of [
        'athena:StartQueryExecution',
        'athena:GetQueryResults',
        'athena:StopQueryExecution',
      ])
        expect(placesOf(action)).toEqual([`workgroup/${workGroupName}`]);
    });

    it('see the definitions of our database alone', () => {
      const ours = ['catalog', `database/${databaseName}`, `table/${databaseName}/*`];
      for (const action of ['glue:GetTable', 'glue:GetTables', 'glue:GetDatabase', 'glue:GetPartitions'])
        expect(placesOf(action)).toEqual(ours);
    });

    it('read files of every table and answers of queries, and write answers alone', () => {
      expect(placesOf('s3:GetObject')).toEqual(['/athena/*', ...tables].sort());
      expect(placesOf('s3:PutObject')).toEqual(['/athena/*']);
      const [list] = statements.filter(({ Action }) => Action.includes('s3:ListBucket'));
      expect(at(list?.Condition, 'StringLike', 's3:prefix')).toEqual([
        ...analyticsTables.map(({ prefix }) => `${prefix}*`),
        'athena/*',
      ]);
    });

    it('may nothing else: no change, no deleting, no function, no other service', () => {
      expect(new Set(actions.map((action) => action.split(':')[0]))).toEqual(
        new Set(['athena', 'glue', 's3', ...(hasKey ? ['kms'] : [])]),
      );
      const changing = actions.filter((action) => !/:(Get|List|BatchGet)/.test(action));
      expect(changing.sort()).toEqual(
        [
          'athena:StartQueryExecution',
          'athena:StopQueryExecution',
          's3:AbortMultipartUpload',
          's3:PutObject',
          ...(hasKey ? ['kms:Decrypt', 'kms:GenerateDataKey'] : []),
        ].sort(),
      );
      expect(statements.filter(({ Resource = [] }) => Resource.includes('*'))).toEqual([]);
    });

    it('are a policy to attach, and a role where the configuration names who takes it', () => {
      const { readers } = app.stage.analytics.config.analytics;
      const roles = [...app.resources('AWS::IAM::Role')].filter(([id]) =>
        id.startsWith('analytics/ReaderRole'),
      );
      expect(roles).toHaveLength(readers.length === 0 ? 0 : 1);
      const outputs = app.templates['analytics']?.Outputs ?? {};
      expect(at(outputs['ReaderPolicyArn'], 'Description')).toMatch(/^May query the tables\. Next: aws iam /);
      expect('ReaderRoleArn' in outputs).toBe(readers.length > 0);
      for (const [, { Properties }] of roles) {
        const trusted = at(Properties, 'AssumeRolePolicyDocument', 'Statement');
        expect(stringsOf(trusted).filter((text) => text.startsWith('arn:'))).toEqual(readers);
        expect(Properties['Policies']).toBeUndefined();
      }
    });
  });
}
