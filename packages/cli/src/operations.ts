import {
  aoiList,
  aoiView,
  begunUpload,
  collectionList,
  lookedAtUpload,
  planView,
  providerList,
  requestList,
  requestResults,
  requestStatistics,
  requestView,
  sceneCollection,
  uploadList,
  uploadParts,
  uploadView,
  usageList,
} from '@swath/api/schemas/index';
import { itemCollection } from '@swath/api/schemas/stac';
import type * as z from 'zod';

/** A row of the API's route table as a client needs it. */
export interface Operation<A extends z.ZodType | undefined> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its parameters in braces. */
  readonly path: string;
  /** undefined: the answer has no body. */
  readonly answer: A;
}

const operation = <A extends z.ZodType | undefined>(
  method: Operation<A>['method'],
  path: string,
  answer: A,
): Operation<A> => ({ method, path, answer });

/**
 * What the command calls, by operationId. The route table itself would bring the server along (its handlers, and with
 * them the pixel engine) into every start of `swath`; a test holds these rows against it, schema by schema.
 */
export const operations = {
  createRequest: operation('POST', '/requests', requestView),
  planRequest: operation('POST', '/requests/plan', planView),
  listRequests: operation('GET', '/requests', requestList),
  getRequest: operation('GET', '/requests/{id}', requestView),
  cancelRequest: operation('POST', '/requests/{id}/cancel', requestView),
  retryRequest: operation('POST', '/requests/{id}/retry', requestView),
  getRequestResults: operation('GET', '/requests/{id}/results', requestResults),
  getRequestStatistics: operation('GET', '/requests/{id}/statistics', requestStatistics),
  getUsage: operation('GET', '/usage', usageList),
  listAreas: operation('GET', '/aois', aoiList),
  getArea: operation('GET', '/aois/{id}', aoiView),
  putArea: operation('PUT', '/aois/{id}', aoiView),
  deleteArea: operation('DELETE', '/aois/{id}', undefined),
  searchScenes: operation('POST', '/scenes/search', sceneCollection),
  postItemSearch: operation('POST', '/search', itemCollection),
  listProviders: operation('GET', '/providers', providerList),
  listProviderCollections: operation('GET', '/providers/{id}/collections', collectionList),
  beginUpload: operation('POST', '/uploads', begunUpload),
  listUploads: operation('GET', '/uploads', uploadList),
  getUpload: operation('GET', '/uploads/{id}', lookedAtUpload),
  linkUploadParts: operation('POST', '/uploads/{id}/parts', uploadParts),
  completeUpload: operation('POST', '/uploads/{id}/complete', uploadView),
  deleteUpload: operation('DELETE', '/uploads/{id}', undefined),
} as const;
