import type { Catalogue } from '@swath/catalog';
import type { Logger } from '@swath/core';
import type { Clock, ObjectInfo, Objects, Provider, Random, UploadedPart } from '@swath/ports';
import type {
  AoiSummary,
  AoiView,
  ListQuery,
  MapLink,
  PlanView,
  RequestEventView,
  RequestView,
  UsagePage,
} from '@swath/requests';
import type { BegunUpload, PartLinkView, UploadView } from '@swath/uploads';
import type { DeviceSignIn } from './device/config.ts';
import type { OpeneoService } from './openeo/service.ts';
import type { PictureService } from './pictures/service.ts';
import type { Role } from './roles.ts';

export { type Role, roles } from './roles.ts';

export interface Identity {
  /** Unit of ownership: everything of other projects is NotFound. */
  readonly project: string;
  /** Who it is, as `<issuer>:<subject>`; absent where nobody signs in. */
  readonly user?: string;
  readonly roles: readonly Role[];
}

/** The use cases of packages/requests, each bound to its own dependencies. Errors are SwathErrors. */
export interface RequestUseCases {
  /** `body` is the parsed JSON document, unchecked: checking it is part of the use case. */
  create(input: {
    readonly project: string;
    /** Who asks, for the accounts. */
    readonly user?: string;
    readonly body: unknown;
    readonly idempotencyKey?: string;
  }): Promise<{
    readonly request: RequestView;
    /** False when this Idempotency-Key was seen before: the request is the earlier one. */
    readonly created: boolean;
  }>;
  plan(project: string, body: unknown, signal?: AbortSignal): Promise<PlanView>;
  /** @throws NotFound, also for requests of other projects. */
  get(project: string, id: string): Promise<RequestView>;
  list(
    project: string,
    query: ListQuery,
  ): Promise<{ readonly requests: readonly RequestView[]; readonly cursor?: string }>;
  /** In order, from the first. @throws NotFound. */
  events(project: string, id: string): Promise<readonly RequestEventView[]>;
  /** @throws NotFound; Conflict when final. */
  cancel(project: string, id: string): Promise<RequestView>;
  /** @throws NotFound; Conflict unless failed, partial, cancelled or expired. */
  retry(project: string, id: string): Promise<RequestView>;
  /** By month, newest first. */
  usage(project: string, query: { readonly limit: number; readonly cursor?: string }): Promise<UsagePage>;
}

/** Stored areas of interest. Errors are SwathErrors. */
export interface AoiUseCases {
  /** @throws InvalidInput with a pointer, LimitExceeded, Conflict. */
  put(project: string, id: string, body: unknown): Promise<AoiView>;
  /** @throws NotFound. */
  get(project: string, id: string, version?: number): Promise<AoiView>;
  list(
    project: string,
    query: { readonly limit: number; readonly cursor?: string },
  ): Promise<{ readonly aois: readonly AoiSummary[]; readonly cursor?: string }>;
  /** @throws NotFound. */
  delete(project: string, id: string): Promise<void>;
  /** A body that names a stored area as its `aoi`, with the area in its place. @throws NotFound with a pointer. */
  inPlace(project: string, body: unknown): Promise<unknown>;
}

/** Imagery that people bring. Errors are SwathErrors; uploads of other projects are NotFound. */
export interface UploadUseCases {
  begin(project: string, body: unknown): Promise<BegunUpload>;
  list(
    project: string,
    query: { readonly limit: number; readonly cursor?: string },
  ): Promise<{ readonly uploads: readonly UploadView[]; readonly cursor?: string }>;
  get(project: string, id: string): Promise<UploadView & { readonly received: readonly UploadedPart[] }>;
  parts(
    project: string,
    id: string,
    parts?: readonly number[],
  ): Promise<{ readonly links: readonly PartLinkView[]; readonly received: readonly UploadedPart[] }>;
  complete(project: string, id: string, body: unknown): Promise<UploadView>;
  delete(project: string, id: string): Promise<void>;
  /** The kept file of this name. */
  file(
    project: string,
    id: string,
    name: string,
  ): Promise<{ readonly key: string; readonly info: ObjectInfo }>;
  /** Where kept files lie. */
  readonly files: Objects;
}

/** Secrets in addresses of pictures, each for one thing of a project and for a while. */
export interface MapLinks {
  make(
    link: MapLink & { readonly user?: string | undefined },
    hours: number,
  ): Promise<{ readonly token: string; readonly expires: string }>;
  /** Undefined for one that opens nothing, or no longer. */
  open(token: string): Promise<MapLink | undefined>;
}

export interface ApiDeps {
  readonly requests: RequestUseCases;
  readonly aois: AoiUseCases;
  /** Absent where another part of the system has them. */
  readonly uploads?: UploadUseCases;
  /** The imagery a project brought, as a provider. @default nobody brings imagery */
  readonly ownImagery?: (project: string) => Provider;
  /** Links to maps, absent where none are made and opened. */
  readonly mapLinks?: MapLinks;
  readonly results: Objects;
  /** `stream`: bytes go through this process. `redirect`: 302 to a link that expires (AWS). */
  readonly delivery: 'stream' | 'redirect';
  /** May this project read results under `results/<contentKey>/`? One machine with one project says yes. */
  mayRead(project: string, contentKey: string): Promise<boolean>;
  /** What draws tiles and previews; absent where another part of the system does. */
  readonly pictures?: PictureService;
  /** What speaks openEO; absent where another part of the system does. */
  readonly openeo?: OpeneoService;
  /** Device codes in front of the issuer. @default none: the issuer has its own, or nobody signs in */
  readonly deviceSignIn?: DeviceSignIn;
  readonly providers: ReadonlyMap<string, Provider>;
  /** What the STAC API shows. */
  readonly catalogue: Catalogue;
  readonly defaultProvider: string;
  /** Who asks; undefined answers 401. */
  identify(request: Request): Promise<Identity | undefined>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Public address without a trailing slash, where a proxy hides it; by default the origin of each request. */
  readonly publicUrl?: string;
  /**
   * Web origins, besides the API's own, whose pages may call it. `*` is right only where callers prove who they are
   * by a header that browsers never add themselves: on a user's own machine it would open results and requests to
   * every page he visits.
   * @default none
   */
  readonly origins?: '*' | readonly string[];
  /**
   * Host names that requests may be addressed to; others are refused with 421, which stops DNS rebinding against a
   * server on the user's own machine. @default any
   */
  readonly hosts?: readonly string[];
  /** Pace of event streams, for tests. @default the limits of limits.ts */
  readonly stream?: { readonly pollMs: number; readonly heartbeatMs: number; readonly lifeMs: number };
}
