import { prices } from '@swath/core/price-table';
import { Annotations } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  type ISecurityGroup,
  type IVpc,
  Port,
  SecurityGroup,
  type SubnetConfiguration,
  type SubnetSelection,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { asVpc } from '../as-interface.ts';
import type { SwathConfig } from '../config.ts';
import { isolatedMonthlyUsd, natMonthlyUsd } from '../prices.ts';
import { StageStack, type StageStackProps } from '../stage-stack.ts';

/** Two zones: Spot capacity is sought in both; more would double what endpoints cost. */
const ZONES = 2;

/** Where jobs run. */
export interface Network {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  /** Of every job: no inbound, out to anywhere. */
  readonly jobs: ISecurityGroup;
  /** Whether tasks need public addresses to reach anything. */
  readonly assignPublicIp: boolean;
}

/** VPC, subnets, endpoints. It stands before storage, because the file system has addresses in it. */
export class NetworkStack extends StageStack implements Network {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly jobs: ISecurityGroup;
  readonly assignPublicIp: boolean;

  constructor(scope: Construct, props: StageStackProps) {
    super(scope, 'network', 'where jobs run', props);
    const { network } = this.config;
    const theirs = network.vpc;
    if (theirs === undefined) {
      const vpc = this.#ownVpc(network.mode);
      const jobs = this.#jobs(asVpc(vpc));
      if (network.mode === 'isolated') this.#addInterfaceEndpoints(vpc, jobs);
      this.vpc = asVpc(vpc);
      this.subnets = { subnetType: subnetTypes[network.mode] };
      this.jobs = jobs;
      this.assignPublicIp = network.mode === 'public';
    } else {
      const vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
        vpcId: theirs.vpcId,
        availabilityZones: theirs.availabilityZones,
        privateSubnetIds: theirs.subnetIds,
      });
      for (const subnet of vpc.privateSubnets) {
        Annotations.of(subnet).acknowledgeWarning(
          '@aws-cdk/aws-ec2:noSubnetRouteTableId',
          'Nothing here writes routes.',
        );
      }
      this.vpc = vpc;
      this.subnets = { subnets: vpc.privateSubnets };
      this.jobs = this.#jobs(vpc);
      this.assignPublicIp = theirs.assignPublicIp;
    }
  }

  #jobs(vpc: IVpc): SecurityGroup {
    return new SecurityGroup(this, 'Jobs', {
      vpc,
      description: 'Jobs of Swath: no inbound, out to anywhere',
      allowAllOutbound: true,
    });
  }

  #ownVpc(mode: SwathConfig['network']['mode']): Vpc {
    const subnet: SubnetConfiguration = { name: 'jobs', subnetType: subnetTypes[mode], cidrMask: 20 };
    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: ZONES,
      natGateways: mode === 'nat' ? 1 : 0,
      subnetConfiguration:
        mode === 'nat'
          ? [{ name: 'way-out', subnetType: SubnetType.PUBLIC, cidrMask: 28 }, subnet]
          : [subnet],
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDB: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
      restrictDefaultSecurityGroup: false,
    });
    // What was let through is in the jobs' own logs; what was refused is seen here only, and is little.
    vpc.addFlowLog('Refused', {
      trafficType: FlowLogTrafficType.REJECT,
      destination: FlowLogDestination.toCloudWatchLogs(
        new LogGroup(this, 'RefusedTraffic', {
          retention: this.logRetention,
          removalPolicy: this.logRemoval,
        }),
      ),
    });
    if (mode === 'nat') {
      Annotations.of(this).addInfo(
        `network "nat": one NAT gateway bills about ${natMonthlyUsd()} USD a month while idle, and ${prices.natGb} USD/GB.`,
      );
    }
    return vpc;
  }

  /** What Fargate needs to pull the image and to log, without a way out. */
  #addInterfaceEndpoints(vpc: Vpc, jobs: SecurityGroup): void {
    const services = {
      EcrApi: InterfaceVpcEndpointAwsService.ECR,
      EcrDocker: InterfaceVpcEndpointAwsService.ECR_DOCKER,
      Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
    };
    const endpoints = new SecurityGroup(this, 'Endpoints', {
      vpc: asVpc(vpc),
      description: 'Interface endpoints of Swath: HTTPS from jobs',
      allowAllOutbound: false,
    });
    endpoints.addIngressRule(jobs, Port.HTTPS, 'HTTPS from jobs');
    for (const [id, service] of Object.entries(services)) {
      vpc.addInterfaceEndpoint(id, { service, securityGroups: [endpoints], open: false });
    }
    Annotations.of(this).addInfo(
      `network "isolated": ${Object.keys(services).length} interface endpoints in ${ZONES} zones bill about ` +
        `${isolatedMonthlyUsd(Object.keys(services).length, ZONES)} USD a month while idle, and ${prices.endpointGb} USD/GB. ` +
        'Jobs reach S3 of this region only: no catalogue or provider by https.',
    );
  }
}

const subnetTypes = {
  public: SubnetType.PUBLIC,
  nat: SubnetType.PRIVATE_WITH_EGRESS,
  isolated: SubnetType.PRIVATE_ISOLATED,
} as const;
