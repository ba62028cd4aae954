import {
  AllocationStrategy,
  EcsMachineImageType,
  FargateComputeEnvironment,
  ManagedEc2EcsComputeEnvironment,
} from 'aws-cdk-lib/aws-batch';
import {
  BlockDeviceVolume,
  EbsDeviceVolumeType,
  InstanceClass,
  InstanceType,
  LaunchTemplate,
  LaunchTemplateHttpTokens,
} from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { SwathConfig } from '../config.ts';
import type { Network } from '../stacks/network-stack.ts';

interface EnvironmentProps {
  readonly network: Network;
  readonly compute: SwathConfig['compute'];
}

/** Minutes running jobs get to end before an update of the environment ends them. A child takes a few. */
const updateRules = { replaceComputeEnvironment: false, terminateOnUpdate: false } as const;

/** Fargate in two environments of one queue: Spot first, on-demand when Spot has no capacity. Nothing runs while idle. */
export class FargateEnvironments extends Construct {
  readonly inOrder: readonly FargateComputeEnvironment[];

  constructor(scope: Construct, id: string, { network, compute }: EnvironmentProps) {
    super(scope, id);
    const make = (environmentId: string, spot: boolean) =>
      new FargateComputeEnvironment(this, environmentId, {
        vpc: network.vpc,
        vpcSubnets: network.subnets,
        securityGroups: [network.jobs],
        spot,
        maxvCpus: compute.maxVcpus,
        ...updateRules,
      });
    this.inOrder = [make('Spot', true), make('OnDemand', false)];
  }
}

/** Families of the last generations, so that Spot has many pools to choose from. */
const families = {
  arm64: [InstanceClass.C7G, InstanceClass.M7G, InstanceClass.C6G, InstanceClass.M6G],
  x86_64: [InstanceClass.C7I, InstanceClass.M7I, InstanceClass.C6I, InstanceClass.M6I],
} as const;
const sizes = ['xlarge', '2xlarge', '4xlarge'] as const;

/** GiB of the root disk: images and what jobs keep locally. */
const ROOT_DISK_GIB = 100;

/**
 * EC2 Spot for jobs that read much of what others left on EFS: several jobs of one machine share its mount and its
 * page cache. No machine while idle.
 */
export class SharedFilesEnvironment extends Construct {
  readonly environment: ManagedEc2EcsComputeEnvironment;

  constructor(scope: Construct, id: string, { network, compute }: EnvironmentProps) {
    super(scope, id);
    const instanceRole = new Role(this, 'InstanceRole', {
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      managedPolicies: [
        ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonEC2ContainerServiceforEC2Role'),
      ],
    });
    const launchTemplate = new LaunchTemplate(this, 'Machine', {
      // One hop: containers cannot reach the machine's own credentials.
      httpTokens: LaunchTemplateHttpTokens.REQUIRED,
      httpPutResponseHopLimit: 1,
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: BlockDeviceVolume.ebs(ROOT_DISK_GIB, {
            encrypted: true,
            volumeType: EbsDeviceVolumeType.GP3,
            deleteOnTermination: true,
          }),
        },
      ],
    });
    this.environment = new ManagedEc2EcsComputeEnvironment(this, 'Spot', {
      vpc: network.vpc,
      vpcSubnets: network.subnets,
      securityGroups: [network.jobs],
      spot: true,
      allocationStrategy: AllocationStrategy.SPOT_PRICE_CAPACITY_OPTIMIZED,
      minvCpus: 0,
      maxvCpus: compute.sharedFilesMaxVcpus,
      useOptimalInstanceClasses: false,
      instanceTypes: families[compute.architecture].flatMap((family) =>
        sizes.map((size) => new InstanceType(`${family}.${size}`)),
      ),
      images: [{ imageType: EcsMachineImageType.ECS_AL2023 }],
      instanceRole,
      launchTemplate,
      ...updateRules,
    });
  }
}
