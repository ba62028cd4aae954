import { retryRules } from '@swath/ports';
import { exitCodes } from '@swath/requests';
import { describe, expect, it } from 'vitest';
import { jobContract } from '../../../batch-jobs/contract.ts';
import type { Variants } from './synthesise.ts';
import { at, recordOf, refOf } from './walk.ts';

export function jobsSuite(variants: Variants): void {
  describe.each(variants)('%s: jobs', (_, app) => {
    const definitions = app.resources('AWS::Batch::JobDefinition');

    it('are tried again as the adapter says, and end on everything else', () => {
      expect(definitions.size).toBeGreaterThanOrEqual(3);
      for (const [id, { Properties }] of definitions) {
        const rules = at(Properties, 'RetryStrategy', 'EvaluateOnExit');
        const asAdapter = retryRules.map((rule) =>
          Object.fromEntries(
            Object.entries(rule).map(([name, value]) => [`${name[0]?.toUpperCase()}${name.slice(1)}`, value]),
          ),
        );
        expect(rules, id).toEqual(asAdapter);
        expect(Array.isArray(rules) && rules.at(-1), id).toEqual({ Action: 'EXIT', OnReason: '*' });
        expect(Array.isArray(rules) ? rules.length : 0).toBeLessThanOrEqual(5);
        for (const code of [exitCodes.bug, exitCodes.input, exitCodes.provider]) {
          expect(JSON.stringify(rules), id).not.toContain(`"${code}"`);
        }
        expect(Number(at(Properties, 'Timeout', 'AttemptDurationSeconds')), id).toBeGreaterThanOrEqual(60);
      }
    });

    it('run a command of the image as its user, over a root that is read-only, with what their contract names', () => {
      const { compute } = app.stage.storage.config;
      const { user, environment, optionalEnvironment } = jobContract;
      for (const [id, { Properties }] of definitions) {
        const container = at(Properties, 'ContainerProperties');
        const name = jobContract.names.find((one) => id.split('/')[1]?.startsWith(one)) ?? 'process';
        expect(container, id).toMatchObject({
          Command: jobContract.command(name),
          User: `${user.uid}:${user.gid}`,
          ReadonlyRootFilesystem: compute.readonlyRoot,
        });
        const variables = at(container, 'Environment');
        const names = Array.isArray(variables) ? variables.map((one) => String(at(one, 'Name'))) : [];
        expect(
          environment.filter((one) => !names.includes(one)),
          id,
        ).toEqual([]);
        const known: readonly string[] = [...environment, ...optionalEnvironment];
        expect(
          names.filter((one) => !known.includes(one)),
          id,
        ).toEqual([]);
        expect(at(container, 'LogConfiguration', 'LogDriver'), id).toBe('awslogs');
      }
    });

    it('mount the shared folder by its access point, encrypted on the way, with their own role', () => {
      for (const [id, { Properties }] of definitions) {
        const volume = at(Properties, 'ContainerProperties', 'Volumes', 0, 'EfsVolumeConfiguration');
        expect(volume, id).toMatchObject({
          TransitEncryption: 'ENABLED',
          AuthorizationConfig: { Iam: 'ENABLED', AccessPointId: expect.anything() },
        });
        const { JobRoleArn, ExecutionRoleArn } = recordOf(at(Properties, 'ContainerProperties'));
        expect(JobRoleArn, id).not.toEqual(ExecutionRoleArn);
      }
    });

    it('take turns by project, on Spot first and on demand second', () => {
      for (const [id, { Properties }] of app.resources('AWS::Batch::JobQueue')) {
        expect(Properties['SchedulingPolicyArn'], id).toBeDefined();
      }
      const resources = app.templates['processing']?.Resources ?? {};
      const [queue] = [...app.resources('AWS::Batch::JobQueue')].filter(
        ([id]) => !id.includes('SharedFiles'),
      );
      const order = at(queue?.[1].Properties, 'ComputeEnvironmentOrder');
      const types = (Array.isArray(order) ? order : []).map((one) =>
        at(resources[refOf(at(one, 'ComputeEnvironment')) ?? '']?.Properties, 'ComputeResources', 'Type'),
      );
      expect(types).toEqual(['FARGATE_SPOT', 'FARGATE']);
    });

    it('on machines of our own cost nothing while idle and cannot ask for the machine’s credentials', () => {
      const ec2 = [...app.resources('AWS::Batch::ComputeEnvironment').values()].filter(
        ({ Properties }) => at(Properties, 'ComputeResources', 'Type') === 'SPOT',
      );
      expect(ec2.length).toBe(app.stage.processing.sharedFilesQueue === undefined ? 0 : 1);
      for (const { Properties } of ec2) expect(at(Properties, 'ComputeResources', 'MinvCpus')).toBe(0);
      for (const { Properties } of app.resources('AWS::EC2::LaunchTemplate').values()) {
        expect(at(Properties, 'LaunchTemplateData', 'MetadataOptions')).toMatchObject({
          HttpTokens: 'required',
          HttpPutResponseHopLimit: 1,
        });
      }
    });
  });

  describe.each(variants)('%s: network', (_, app) => {
    it('lets nothing in but files to jobs and what endpoints are for', () => {
      for (const [id, { Properties }] of app.resources('AWS::EC2::SecurityGroup')) {
        const ingress = Properties['SecurityGroupIngress'];
        for (const rule of Array.isArray(ingress) ? ingress : []) {
          expect(at(rule, 'CidrIp'), id).not.toBe('0.0.0.0/0');
        }
      }
      for (const [id, { Properties }] of app.resources('AWS::EC2::SecurityGroupIngress')) {
        expect([443, 2049], id).toContain(Properties['FromPort']);
        expect(Properties['SourceSecurityGroupId'], id).toBeDefined();
      }
    });

    it('has a gateway only where it was asked for', () => {
      const { network } = app.stage.storage.config;
      const own = network.vpc === undefined;
      expect(app.resources('AWS::EC2::NatGateway').size).toBe(own && network.mode === 'nat' ? 1 : 0);
      const endpoints = [...app.resources('AWS::EC2::VPCEndpoint').values()];
      const kinds = endpoints.map(({ Properties }) => Properties['VpcEndpointType']);
      expect(kinds.filter((kind) => kind === 'Gateway')).toHaveLength(own ? 2 : 0);
      expect(kinds.filter((kind) => kind === 'Interface')).toHaveLength(
        own && network.mode === 'isolated' ? 3 : 0,
      );
    });
  });
}
