import { contentHash } from '@swath/core';
import { priceListMonth, prices, type RequestPriceName, requestPriceNames } from '@swath/core/price-table';
import type { JobDefinitionName } from '@swath/ports';
import { DEFAULT_DISK_GIB, DEFAULT_WORK_DAYS, defaultTaskSizes } from '@swath/ports/task-sizes';
import * as z from 'zod';

const size = z.strictObject({ vcpu: z.number().positive(), memoryGiB: z.number().positive() });

/** What of a stage's configuration decides the price of a request. Every entry has the configuration's default. */
export const costSettings = z.strictObject({
  factor: z.number().positive().default(1),
  usd: z.partialRecord(z.enum(requestPriceNames), z.number().min(0)).default({}),
  fargateShare: z.number().positive().max(1).default(1),
  imagery: z.enum(['same-region', 'other-region']).default('same-region'),
  architecture: z.enum(['arm64', 'x86_64']).default('arm64'),
  tasks: z.strictObject({ acquire: size, process: size, publish: size }).default({ ...defaultTaskSizes }),
  diskGiB: z.number().min(0).default(DEFAULT_DISK_GIB),
  /** Public IPv4 addresses of one task. */
  addresses: z.literal([0, 1]).default(1),
  /** Days that chunks stay in the work bucket. */
  workDays: z.number().positive().default(DEFAULT_WORK_DAYS),
});
export type CostSettings = z.input<typeof costSettings>;

/** Prices to reckon with, and what of the stage goes into them. */
export interface Rates {
  /**
   * What rows name as the origin of their price: the month of the price list, `2026-06`; with prices of one's own
   * followed by 8 characters that stand for them, `2026-06+1f0c3a9e`.
   */
  readonly version: string;
  /** USD, factor and own prices applied; `vcpuHour`, `gbHour` and `lambdaGbSecond` are those of the architecture. */
  readonly usd: Readonly<
    Record<Exclude<RequestPriceName, Processor>, number> &
      Record<'vcpuHour' | 'gbHour' | 'lambdaGbSecond', number>
  >;
  readonly fargateShare: number;
  readonly imagery: 'same-region' | 'other-region';
  readonly tasks: Readonly<Record<JobDefinitionName, { readonly vcpu: number; readonly memoryGiB: number }>>;
  readonly diskGiB: number;
  readonly addresses: number;
  readonly workDays: number;
}

type Processor = Extract<RequestPriceName, `${string}Arm${string}` | `${string}X86${string}`>;

/** @param settings differences from the defaults. @throws ZodError for what the configuration would refuse. */
export function ratesOf(settings: CostSettings = {}): Rates {
  const { factor, usd: own, architecture, ...rest } = costSettings.parse(settings);
  const of = (name: RequestPriceName): number => own[name] ?? prices[name] * factor;
  const arm = architecture === 'arm64';
  const { fargateShare, imagery, tasks, diskGiB, addresses, workDays } = rest;
  const isList = factor === 1 && fargateShare === 1 && Object.keys(own).length === 0;
  return {
    version: isList
      ? priceListMonth
      : `${priceListMonth}+${contentHash({ factor, own, fargateShare }).slice(0, 8)}`,
    usd: {
      vcpuHour: of(arm ? 'fargateArmVcpuHour' : 'fargateX86VcpuHour'),
      gbHour: of(arm ? 'fargateArmGbHour' : 'fargateX86GbHour'),
      lambdaGbSecond: of(arm ? 'lambdaGbSecondArm' : 'lambdaGbSecondX86'),
      fargateDiskGbHour: of('fargateDiskGbHour'),
      publicIpHour: of('publicIpHour'),
      s3GbMonth: of('s3GbMonth'),
      s3PutThousand: of('s3PutThousand'),
      s3GetThousand: of('s3GetThousand'),
      transferRegionGb: of('transferRegionGb'),
      tableReadMillion: of('tableReadMillion'),
      tableWriteMillion: of('tableWriteMillion'),
      lambdaMillion: of('lambdaMillion'),
      sqsMillion: of('sqsMillion'),
      eventMillion: of('eventMillion'),
      apiMillion: of('apiMillion'),
      logGb: of('logGb'),
    },
    fargateShare,
    imagery,
    tasks,
    diskGiB,
    addresses,
    workDays,
  };
}

/** The list, as it is, and a stage without a configuration: what a machine of one's own reckons with. */
export const listRates: Rates = ratesOf();
