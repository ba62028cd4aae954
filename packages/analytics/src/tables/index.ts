import { newestRows } from '../views/newest-rows.ts';
import { reportViews } from '../views/reports.ts';
import { requestEventsTable, requestsTable } from './definitions/requests.ts';
import { resultsTable } from './definitions/results.ts';
import { statisticsTable } from './definitions/statistics.ts';
import { usageTable } from './definitions/usage.ts';
import type { AnalyticsTable, AnalyticsView } from './types.ts';

export { namedQueries } from '../views/named-queries.ts';
export * from './glue.ts';
export type * from './types.ts';
export { requestEventsTable, requestsTable, resultsTable, statisticsTable, usageTable };

/** All tables, as data: the stack, the recorder, the tests and `swath sql` read the same. Imports no engine. */
export const analyticsTables: readonly AnalyticsTable[] = [
  resultsTable,
  statisticsTable,
  requestsTable,
  requestEventsTable,
  usageTable,
];

/** All views, each after those it reads: one per table with every row once, then the reports. */
export const analyticsViews: readonly AnalyticsView[] = [...analyticsTables.map(newestRows), ...reportViews];
