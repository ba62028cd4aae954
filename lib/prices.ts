import { HOURS_PER_MONTH, prices } from '@swath/core/price-table';

/** What options bill while nothing happens: said at synth, where the choice is made. */

/** One NAT gateway, without its data. */
export const natMonthlyUsd = (): string => (prices.natGatewayHour * HOURS_PER_MONTH).toFixed(2);

/** Interface endpoints, one address in each zone, without their data. */
export const isolatedMonthlyUsd = (endpoints: number, zones: number): string =>
  (prices.endpointHour * HOURS_PER_MONTH * endpoints * zones).toFixed(2);

/** A web ACL without rules and calls. */
export const webAclMonthlyUsd = (): string => prices.webAclMonth.toFixed(2);
