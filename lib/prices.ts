/**
 * List prices of us-west-2 and us-east-1 in USD, June 2026, for what bills while nothing happens. Said at synth, where
 * the choice is made.
 */
const HOURS_PER_MONTH = 730;
const NAT_GATEWAY_HOUR = 0.045;
const INTERFACE_ENDPOINT_HOUR = 0.01;

/** One NAT gateway, without its data. */
export const natMonthlyUsd = (): string => (NAT_GATEWAY_HOUR * HOURS_PER_MONTH).toFixed(2);

/** Interface endpoints, one address in each zone, without their data. */
export const isolatedMonthlyUsd = (endpoints: number, zones: number): string =>
  (INTERFACE_ENDPOINT_HOUR * HOURS_PER_MONTH * endpoints * zones).toFixed(2);

const WEB_ACL_MONTH = 5;

/** A web ACL without rules and calls. */
export const webAclMonthlyUsd = (): string => WEB_ACL_MONTH.toFixed(2);
