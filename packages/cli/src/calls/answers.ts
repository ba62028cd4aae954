import {
  aoiList,
  aoiView,
  begunUpload,
  collectionList,
  lookedAtUpload,
  planView,
  providerList,
  type Received,
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
import type { Calls } from './generated.ts';

/**
 * The calls that the command makes, by operationId, with the schema that each answer is checked by; undefined is an answer
 * without a body. Where a call goes and what it takes is generated (`generated.ts`); the schemas are the server's own.
 */
export const answers = {
  createRequest: requestView,
  planRequest: planView,
  listRequests: requestList,
  getRequest: requestView,
  cancelRequest: requestView,
  retryRequest: requestView,
  getRequestResults: requestResults,
  getRequestStatistics: requestStatistics,
  getUsage: usageList,
  listAreas: aoiList,
  getArea: aoiView,
  putArea: aoiView,
  deleteArea: undefined,
  searchScenes: sceneCollection,
  postItemSearch: itemCollection,
  listProviders: providerList,
  listProviderCollections: collectionList,
  beginUpload: begunUpload,
  listUploads: uploadList,
  getUpload: lookedAtUpload,
  linkUploadParts: uploadParts,
  completeUpload: uploadView,
  deleteUpload: undefined,
} as const satisfies { readonly [Id in keyof Calls]?: z.ZodType | undefined };

export type CallName = keyof typeof answers;

/** What a call gives, once checked. */
export type Answers = {
  readonly [Name in CallName]: (typeof answers)[Name] extends z.ZodType
    ? Received<(typeof answers)[Name]>
    : undefined;
};

/** Answers are what the document promises: the compiler says so of each. */
type Kept<T extends { readonly [Name in CallName]: Calls[Name]['answer'] }> = T;
export type KeptAnswers = Kept<Answers>;
