import {
  cancelRequest,
  createRequest,
  deleteAoi,
  getAoi,
  getRequest,
  listAois,
  listEvents,
  listRequests,
  makeMapLink,
  openMapLink,
  type PlanDeps,
  planPreview,
  putAoi,
  type RequestDeps,
  readUsage,
  retryRequest,
  withNamedArea,
} from '@swath/requests';
import type { UploadDeps } from '@swath/uploads';
import type { AoiUseCases, MapLinks, RequestUseCases, UploadUseCases } from './deps.ts';

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
    inPlace: (project, body) => withNamedArea(deps, project, body),
  };
}

/** Links to maps over the same table. */
export function mapLinkUseCases(deps: Pick<RequestDeps, 'table' | 'clock' | 'random'>): MapLinks {
  return {
    make: (link, hours) => makeMapLink(deps, link, hours),
    open: (token) => openMapLink(deps, token),
  };
}

/** The use cases of packages/uploads over one set of dependencies, loaded by the first call: most events need none. */
export function uploadUseCases(deps: UploadDeps): UploadUseCases {
  const calls = () => import('@swath/uploads/calls');
  return {
    begin: async (project, body) => (await calls()).beginUpload(deps, project, body),
    list: async (project, query) => (await calls()).listUploads(deps, project, query),
    get: async (project, id) => (await calls()).getUpload(deps, project, id),
    parts: async (project, id, parts) => (await calls()).linkParts(deps, project, id, parts),
    complete: async (project, id, body) => (await calls()).completeUpload(deps, project, id, body),
    delete: async (project, id) => (await calls()).deleteUpload(deps, project, id),
    file: async (project, id, name) => (await calls()).keptFile(deps, project, id, name),
    files: deps.kept,
  };
}
