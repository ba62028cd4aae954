export { openStates } from '@swath/requests/states';

/** Namespace of our own metrics; the function's name as dimension keeps deployments in one account apart. */
export const METRIC_NAMESPACE = 'Swath';

/** Names that the stacks' dashboard and alarms know, and the handlers write. */
export const metricNames = {
  /** By state: requests that have not ended. */
  openRequests: 'OpenRequests',
  /** Seconds since the oldest of them was accepted. */
  oldestRequest: 'OldestRequestSeconds',
} as const;
