import {
  cancelRequest,
  createRequest,
  getRequest,
  listEvents,
  listRequests,
  type PlanDeps,
  planPreview,
  retryRequest,
} from '@swath/requests';
import type { RequestUseCases } from './deps.ts';

/** The use cases of packages/requests over one set of dependencies, as the API calls them. */
export function requestUseCases(deps: PlanDeps): RequestUseCases {
  return {
    create: (input) => createRequest(deps, input),
    plan: (project, body, signal) => planPreview(deps, project, body, signal),
    get: (project, id) => getRequest(deps, project, id),
    list: (project, query) => listRequests(deps, project, query),
    events: (project, id) => listEvents(deps, project, id),
    cancel: (project, id) => cancelRequest(deps, project, id),
    retry: (project, id) => retryRequest(deps, project, id),
  };
}
