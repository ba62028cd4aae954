import type { SqlCatalogue, SqlEngine } from '@swath/analytics';
import type { PostgresExport } from '@swath/analytics/postgres/export';
import type { ItemsFile, ItemsFileOptions } from '@swath/analytics/stac/geoparquet';
import type { Received, Role, SpectralIndexView, searchBody } from '@swath/api';
import type { Check } from '@swath/aws/account/check';
import type { DestroyOptions, Kept } from '@swath/aws/account/destroy';
import type { Deployment } from '@swath/aws/account/stacks';
import type { Client, Request, Scenes } from './client.ts';

/** What commands need besides the API; loaded only when asked for, so that `swath --help` stays quick. */
export interface Tools {
  /** Starts everything on this machine. */
  startLocal(options: LocalOptions): Promise<LocalServer>;
  /** A token of the dev issuer of a data folder. @throws InvalidInput. */
  makeToken(wish: TokenWish): Promise<string>;
  /** Spectral indices that come with Swath: the one so named, or those a word fits; all without a word. */
  indices(word: string | undefined): Promise<readonly SpectralIndexView[]>;
  /** Searches any STAC API. */
  searchStac(url: string, query: Received<typeof searchBody>, signal: AbortSignal): Promise<Scenes>;
  /** Items of a search of any STAC API as it sends them, page after page while they are taken, whatever the limit. */
  stacItems(
    url: string,
    query: Received<typeof searchBody>,
    signal: AbortSignal,
  ): Promise<AsyncIterable<unknown>>;
  /** The same of the server's own STAC API: its providers, registered imagery, results. */
  serverItems(client: Client, query: Received<typeof searchBody>): Promise<AsyncIterable<unknown>>;
  /** Writes Items as STAC GeoParquet. */
  writeItems(items: AsyncIterable<unknown>, path: string, options: ItemsFileOptions): Promise<ItemsFile>;
  /** Facts of one raster as plain JSON. */
  rasterInfo(href: string, options: RasterInfoOptions): Promise<Readonly<Record<string, unknown>>>;
  /** Plans and processes a specification in this process. */
  runSpec(spec: unknown, options: RunOptions): Promise<RunAnswer>;
  /** Specification of the first request: NDVI, cloud-masked, all dates of the sample or of the given catalogue. */
  firstRequest(catalogue?: string): Promise<unknown>;
  /** The picture of a result's GeoTIFF as half-block characters in 24-bit colour, coloured as its thumbnail is. */
  terminalPicture(cogPath: string, options: PictureOptions): Promise<string>;
  /** What `swath sql` can ask for. */
  sqlCatalogue(): Promise<SqlCatalogue>;
  /** SQL over the tables of a data folder, or in Athena. */
  openSql(place: SqlPlace): Promise<SqlEngine>;
  /** Loads results and statistics of those tables into PostGIS. @returns rows per table. */
  exportPostgres(
    place: SqlPlace,
    options: Omit<PostgresExport, 'from' | 'nowMs'>,
  ): Promise<Readonly<Record<string, number>>>;
  /**
   * Looks at the AWS account that the environment names, and at this machine, as a deploy of this configuration would meet them.
   * @throws SwathError InvalidInput for a configuration that would not deploy.
   */
  checkAccount(deployment: Deployment, configFile: string): Promise<readonly Check[]>;
  /** Deletes a deployment. */
  destroyStage(
    options: Pick<DestroyOptions, 'deployment' | 'protection' | 'onProgress' | 'signal'>,
  ): Promise<{ readonly deleted: readonly string[]; readonly kept: readonly Kept[] }>;
}

export type SqlPlace =
  | { readonly kind: 'local'; readonly dataFolder: string }
  | {
      readonly kind: 'athena';
      readonly workgroup: string;
      readonly database: string;
      /** A query that reads more is stopped. */
      readonly maxScanBytes: number;
    };

export interface PictureOptions {
  /** Of the request the result belongs to: its index decides the colours. */
  readonly spec: Request['spec'];
  readonly columns: number;
  readonly signal: AbortSignal;
}

export interface LocalOptions {
  readonly dataFolder: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Folder of STAC Items instead of the sample. */
  readonly catalogue?: string;
  /** Who may call. @default machine */
  readonly auth?: 'machine' | 'token';
  /** Web origins whose pages may call it. @default none */
  readonly origins?: readonly string[];
  /** The sample is being made: some seconds, once. */
  readonly onSampleProgress?: (done: number, total: number) => void;
}

export interface TokenWish {
  readonly dataFolder: string;
  /** Address of the server: a token is good there alone. */
  readonly url: string;
  readonly role: Role;
  readonly project: string;
  readonly lifeH: number;
}

export interface LocalServer {
  readonly url: string;
  /** One for each role, where the server wants tokens. */
  readonly tokens?: Readonly<Record<Role, string>>;
  stop(): Promise<void>;
}

export interface RasterInfoOptions {
  readonly checksum: boolean;
  readonly signal: AbortSignal;
}

export interface RunOptions {
  /** Folder for the results; made when absent. */
  readonly out: string;
  /** Folder that relative paths in the specification start from. */
  readonly base: string;
  readonly signal: AbortSignal;
  progress(line: string): void;
}

export interface RunAnswer {
  readonly results: readonly { readonly path: string }[];
}
