import { analyticsTables, analyticsViews, namedQueries } from '../tables/index.ts';
import type { AnalyticsView, NamedQuery } from '../tables/types.ts';

/** What there is to ask for, as people see it: tables are the views that show every row once. */
export interface SqlCatalogue {
  readonly tables: readonly Omit<AnalyticsView, 'sql'>[];
  readonly views: readonly AnalyticsView[];
  readonly queries: readonly NamedQuery[];
}

const tableNames = new Set(analyticsTables.map(({ name }) => name));

export const sqlCatalogue: SqlCatalogue = {
  tables: analyticsViews
    .filter(({ name }) => tableNames.has(name))
    .map(({ name, title, description, columns }) => ({ name, title, description, columns })),
  views: analyticsViews.filter(({ name }) => !tableNames.has(name)),
  queries: namedQueries,
};
