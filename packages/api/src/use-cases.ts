import {
  cancelRequest,
  createRequest,
  deleteAoi,
  getAoi,
  getRequest,
  listAois,
  listEvents,
  listRequests,
  type PlanDeps,
  planPreview,
  putAoi,
  type RequestDeps,
  readUsage,
  retryRequest,
} from '@swath/requests';
import type { UploadDeps } from '@swath/uploads';
import { beginUpload } from '@swath/uploads/begin';
import { completeUpload } from '@swath/uploads/complete';
import { deleteUpload } from '@swath/uploads/delete';
import { linkParts } from '@swath/uploads/links';
import { getUpload, keptFile, listUploads } from '@swath/uploads/read';
import type { AoiUseCases, RequestUseCases, UploadUseCases } from './deps.ts';

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
    usage: (project, query) => readUsage(deps, project, query),
  };
}

/** Stored areas over the same table. */
export function aoiUseCases(deps: Pick<RequestDeps, 'table' | 'clock'>): AoiUseCases {
  return {
    put: (project, id, body) => putAoi(deps, project, id, body),
    get: (project, id, version) => getAoi(deps, project, id, version),
    list: (project, query) => listAois(deps, project, query),
    delete: (project, id) => deleteAoi(deps, project, id),
  };
}

/** The use cases of packages/uploads over one set of dependencies. */
export function uploadUseCases(deps: UploadDeps): UploadUseCases {
  return {
    begin: (project, body) => beginUpload(deps, project, body),
    list: (project, query) => listUploads(deps, project, query),
    get: (project, id) => getUpload(deps, project, id),
    parts: (project, id, parts) => linkParts(deps, project, id, parts),
    complete: (project, id, body) => completeUpload(deps, project, id, body),
    delete: (project, id) => deleteUpload(deps, project, id),
    file: (project, id, name) => keptFile(deps, project, id, name),
    files: deps.kept,
  };
}
