// Made by "npm run build:calls" from the OpenAPI document of the route table. A test keeps it fresh; nobody edits it.

type Nothing = { readonly [name: string]: never };

export type Account = { readonly user_id: string; readonly name: string; readonly links: readonly StacLink[] };

export type Area = { readonly id: string; readonly version: number; readonly title: (string | null); readonly areaKm2: number; readonly bboxes: readonly (readonly number[])[]; readonly updatedAt: string; readonly geometry: { readonly type: ('Polygon' | 'MultiPolygon'); readonly coordinates: readonly unknown[] } };

export type AreaInput = { readonly area: (readonly number[] | { readonly type: string; readonly [name: string]: unknown }); readonly title?: string | undefined };

export type AreaList = { readonly aois: readonly AreaSummary[]; readonly links: readonly Link[] };

export type AreaSummary = { readonly id: string; readonly version: number; readonly title: (string | null); readonly areaKm2: number; readonly bboxes: readonly (readonly number[])[]; readonly updatedAt: string };

export type AssetLink = { readonly href: string; readonly type: string; readonly title: string; readonly sizeBytes: (number | null); readonly sha256: (string | null) };

export type BandStatistics = { readonly count: number; readonly validPercent: number; readonly min: (number | null); readonly max: (number | null); readonly mean: (number | null); readonly std: (number | null); readonly percentiles: ({ readonly p2: number; readonly p5: number; readonly p25: number; readonly p50: number; readonly p75: number; readonly p95: number; readonly p98: number } | null); readonly histogram: (readonly number[] | null) };

export type BasicToken = { readonly access_token: string };

export type BegunUpload = { readonly id: string; readonly state: ('waiting' | 'uploading' | 'checking' | 'registered' | 'refused' | 'expired'); readonly fileName: string; readonly sizeBytes: number; readonly sha256: (string | null); readonly collection: string; readonly datetime: string; readonly title: (string | null); readonly partSizeBytes: number; readonly partCount: number; readonly createdAt: string; readonly updatedAt: string; readonly openUntil: string; readonly refusal: ({ readonly reason: string; readonly message: string; readonly fix: string } | null); readonly item: ({ readonly collection: string; readonly id: string } | null); readonly notes: readonly string[]; readonly links: readonly Link[]; readonly parts: readonly { readonly part: number; readonly sizeBytes: number; readonly url: string }[] };

export type CollectionList = { readonly provider: string; readonly collections: readonly CollectionSummary[] };

export type CollectionSummary = { readonly id: string; readonly title: string; readonly description: string; readonly bands: readonly string[] };

export type Conformance = { readonly conformsTo: readonly string[] };

export type DeviceAuthorization = { readonly device_code: string; readonly user_code: string; readonly verification_uri: string; readonly verification_uri_complete: string; readonly expires_in: number; readonly interval: number };

export type DeviceAuthorizationForm = { readonly client_id: string; readonly scope?: string | undefined; readonly code_challenge?: string | undefined; readonly code_challenge_method?: 'S256' | undefined };

export type DevicePageForm = { readonly user_code: string; readonly mark?: string | undefined; readonly answer?: string | undefined };

export type Failure = { readonly reason: string; readonly message: string; readonly fault: ('user' | 'provider' | 'swath'); readonly retryable: boolean; readonly fix: string };

export type FileFormats = { readonly input: { readonly [name: string]: { readonly gis_data_types: readonly string[]; readonly [name: string]: unknown } }; readonly output: { readonly [name: string]: { readonly gis_data_types: readonly string[]; readonly [name: string]: unknown } } };

export type GraphValidation = { readonly errors: readonly { readonly code: string; readonly message: string; readonly [name: string]: unknown }[] };

export type Grid = { readonly crs: string; readonly geotransform: readonly number[]; readonly width: number; readonly height: number };

export type Health = { readonly status: 'ok'; readonly version: string; readonly engineVersion: string };

export type IndexList = { readonly indices: readonly SpectralIndex[] };

export type ItemCollection = { readonly type: 'FeatureCollection'; readonly features: readonly StacItem[]; readonly links: readonly StacLink[]; readonly timeStamp: string; readonly numberReturned: number; readonly numberMatched?: number | undefined };

export type Job = { readonly id: string; readonly title?: string | undefined; readonly description?: string | undefined; readonly status: string; readonly progress?: number | undefined; readonly created: string; readonly updated: string; readonly 'swath:request'?: string | undefined; readonly process: { readonly [name: string]: unknown }; readonly links: readonly StacLink[] };

export type JobBody = { readonly process?: ProcessGraphWithMetadata | undefined; readonly title?: (string | null) | undefined; readonly description?: (string | null) | undefined; readonly [name: string]: unknown };

export type JobEstimate = { readonly size: number; readonly 'swath:inputBytes': number };

export type JobList = { readonly jobs: readonly { readonly id: string; readonly title?: string | undefined; readonly description?: string | undefined; readonly status: string; readonly progress?: number | undefined; readonly created: string; readonly updated: string; readonly 'swath:request'?: string | undefined }[]; readonly links: readonly StacLink[] };

export type JobResults = { readonly assets: { readonly [name: string]: unknown }; readonly links: readonly StacLink[]; readonly [name: string]: unknown };

export type Landing = { readonly type: 'Catalog'; readonly id: string; readonly title: string; readonly description: string; readonly stac_version: string; readonly version: string; readonly conformsTo: readonly string[]; readonly links: readonly StacLink[] };

export type Link = { readonly rel: string; readonly href: string; readonly type?: string | undefined; readonly title?: string | undefined };

export type LinkedProduct = { readonly label: string; readonly itemId: string; readonly start: (string | null); readonly end: (string | null); readonly counts: PixelCounts; readonly cloudPercent: (number | null); readonly statistics: { readonly [name: string]: BandStatistics }; readonly sha256: string; readonly sizeBytes: number; readonly failedChunks: readonly number[]; readonly assets: { readonly cog: AssetLink; readonly thumbnail: AssetLink; readonly item: AssetLink; readonly statistics: AssetLink; readonly zones?: AssetLink | undefined; readonly zonesCsv?: AssetLink | undefined } };

export type LogList = { readonly level: ('error' | 'warning' | 'info' | 'debug'); readonly logs: readonly { readonly id: string; readonly level: ('error' | 'warning' | 'info' | 'debug'); readonly message: string; readonly time: string }[]; readonly links: readonly StacLink[] };

export type MapLink = { readonly link: string; readonly expires: string; readonly wmts: string; readonly tilejson: string; readonly tiles: string };

export type MapLinkInput = { readonly label?: string | undefined; readonly hours?: number | undefined };

export type OauthError = { readonly error: string; readonly error_description: string };

export type OidcProviders = { readonly providers: readonly { readonly id: string; readonly issuer: string; readonly title: string; readonly [name: string]: unknown }[] };

export type OpeneoError = { readonly type: string; readonly title: string; readonly status: number; readonly detail: string; readonly code: string; readonly pointer?: string | undefined; readonly fix?: string | undefined; readonly instance: string; readonly requestId: string; readonly id: string; readonly message: string; readonly links: readonly Link[] };

export type OpeneoVersions = { readonly versions: readonly { readonly url: string; readonly api_version: string; readonly production: boolean }[] };

export type OpenidConfiguration = { readonly issuer: string; readonly authorization_endpoint: string; readonly device_authorization_endpoint: string; readonly token_endpoint: string; readonly jwks_uri: string; readonly [name: string]: unknown };

export type PixelCounts = { readonly total: number; readonly withData: number; readonly masked: number; readonly valid: number };

export type Plan = { readonly plan: { readonly engineVersion: string; readonly spec: RequestSpecFilled; readonly aoi: ({ readonly geometry: PolygonOrMultiPolygon; readonly bboxes: readonly (readonly number[])[]; readonly areaKm2: number; readonly clip: boolean } | null); readonly products: readonly ProductPlan[]; readonly chunks: readonly { readonly product: number; readonly window: { readonly x: number; readonly y: number; readonly width: number; readonly height: number } }[]; readonly radiometry: readonly { readonly [name: string]: { readonly scale: number; readonly offset: number; readonly rule: string; readonly because: string } }[]; readonly warnings: readonly string[]; readonly estimate: { readonly inputBytes: number; readonly outputBytes: number; readonly pixels: number } }; readonly scenes: readonly { readonly id: string; readonly collection: string; readonly datetime: (string | null); readonly cloudCoverPercent: (number | null) }[]; readonly skipped: readonly { readonly id: string; readonly reason: string }[]; readonly contentKey: string; readonly available: boolean };

export type PointValues = { readonly coordinates: readonly number[]; readonly values: readonly (number | null)[]; readonly band_names: readonly string[] };

export type PolygonOrMultiPolygon = { readonly type: ('Polygon' | 'MultiPolygon'); readonly coordinates: readonly unknown[] };

export type Problem = { readonly type: string; readonly title: string; readonly status: number; readonly detail: string; readonly code: ('InvalidInput' | 'NotFound' | 'LimitExceeded' | 'Unsupported' | 'Throttled' | 'Unavailable' | 'Corrupt' | 'Conflict' | 'Cancelled' | 'Bug' | 'Unauthenticated' | 'Forbidden' | 'MethodNotAllowed' | 'RangeNotSatisfiable'); readonly pointer?: string | undefined; readonly fix?: string | undefined; readonly instance: string; readonly requestId: string };

export type ProcessGraphWithMetadata = { readonly process_graph: { readonly [name: string]: unknown }; readonly [name: string]: unknown };

export type ProcessList = { readonly processes: readonly { readonly id: string; readonly [name: string]: unknown }[]; readonly links: readonly StacLink[] };

export type ProductPlan = { readonly label: string; readonly start: (string | null); readonly end: (string | null); readonly sceneIndexes: readonly number[]; readonly work: { readonly grid: Grid; readonly steps: readonly { readonly label: string; readonly scenes: readonly { readonly id: string; readonly bands: { readonly [name: string]: { readonly href: string; readonly bandIndex: number; readonly nodata?: (number | 'nan') | undefined; readonly scale: number; readonly offset: number } }; readonly mask?: { readonly href: string; readonly bandIndex: number; readonly rule: ({ readonly classes: readonly number[] } | { readonly bits: readonly number[] }) } | undefined }[] }[]; readonly outputs: readonly { readonly name: string; readonly expression: unknown }[]; readonly composite: string; readonly resampling: string; readonly clip?: PolygonOrMultiPolygon | undefined }; readonly stored: { readonly dtype: string; readonly scale: number; readonly offset: number; readonly nodata: (number | 'nan') }; readonly chunks: readonly number[] };

export type ProductResult = { readonly label: string; readonly itemId: string; readonly start: (string | null); readonly end: (string | null); readonly counts: PixelCounts; readonly cloudPercent: (number | null); readonly statistics: { readonly [name: string]: BandStatistics }; readonly sha256: string; readonly sizeBytes: number; readonly failedChunks: readonly number[]; readonly assets: { readonly cog: string; readonly thumbnail: string; readonly item: string; readonly statistics: string; readonly zones?: string | undefined; readonly zonesCsv?: string | undefined } };

export type Progress = { readonly scenes: (number | null); readonly products: (number | null); readonly chunksDone: number; readonly chunksTotal: (number | null) };

export type Provider = { readonly id: string; readonly title: string; readonly acquire: ('reference' | 'copy'); readonly default: boolean; readonly links: readonly Link[] };

export type ProviderList = { readonly providers: readonly Provider[] };

export type Queryables = { readonly type: 'object'; readonly [name: string]: unknown };

export type Request = { readonly id: string; readonly project: string; readonly name: (string | null); readonly labels: { readonly [name: string]: string }; readonly state: RequestState; readonly waitingReason: ('provider' | 'capacity' | 'rate-limit' | 'approval' | 'shared' | null); readonly attempt: number; readonly createdAt: string; readonly updatedAt: string; readonly deadlineAt: (string | null); readonly spec: RequestSpecFilled; readonly progress: Progress; readonly failure: (Failure | null); readonly results: readonly ProductResult[]; readonly reused: boolean; readonly contentKey: (string | null); readonly warnings: readonly string[] };

export type RequestEvent = { readonly sequence: number; readonly time: string; readonly attempt: number; readonly kind: string; readonly from: (RequestState | null); readonly to: (RequestState | null); readonly message: string };

export type RequestEventList = { readonly events: readonly RequestEvent[]; readonly links: readonly Link[] };

export type RequestList = { readonly requests: readonly Request[]; readonly links: readonly Link[] };

export type RequestResults = { readonly requestId: string; readonly state: RequestState; readonly contentKey: (string | null); readonly reused: boolean; readonly products: readonly LinkedProduct[]; readonly warnings: readonly string[]; readonly links: readonly Link[] };

/** What to make of which imagery. docs/requests.md has examples. */
export type RequestSpec = { readonly aoi?: (readonly number[] | { readonly type: string; readonly coordinates?: readonly unknown[] | undefined; readonly [name: string]: unknown } | string) | undefined; readonly zones?: ({ readonly type: 'FeatureCollection'; readonly features: readonly unknown[]; readonly [name: string]: unknown } | readonly string[] | { readonly sha256: string; readonly features: number; readonly bbox: readonly number[] }) | undefined; readonly zoneId?: string | undefined; readonly datetime?: string | undefined; readonly provider?: string | undefined; readonly collections?: readonly string[] | undefined; readonly items?: readonly (string | { readonly href: string; readonly band: string; readonly bandIndex?: number | undefined; readonly datetime?: string | undefined; readonly nodata?: (number | 'nan') | undefined; readonly scale?: number | undefined; readonly offset?: number | undefined })[] | undefined; readonly pipeline: ({ readonly index: string; readonly constants?: { readonly [name: string]: number } | undefined } | { readonly expression: string; readonly bands?: { readonly [name: string]: string } | undefined; readonly name?: string | undefined } | { readonly bands: readonly string[] }); readonly mask?: (('clouds' | 'none') | { readonly band?: string | undefined; readonly classes: readonly number[] } | { readonly band?: string | undefined; readonly bits: readonly number[] }) | undefined; readonly maxCloudCoverPercent?: number | undefined; readonly composite?: ('none' | 'first' | 'max' | 'min' | 'mean' | 'median') | undefined; readonly radiometry?: (('reflectance' | 'raw') | { readonly scale: number; readonly offset?: number | undefined }) | undefined; readonly grid?: ('native' | { readonly crs?: string | undefined; readonly resolution?: number | undefined; readonly bounds?: readonly number[] | undefined; readonly resampling?: ('nearest' | 'bilinear' | 'cubic' | 'average' | 'mode' | 'min' | 'max') | undefined }) | undefined; readonly output?: { readonly dtype?: ('float32' | 'int16' | 'uint16' | 'uint8' | 'int32') | undefined; readonly scale?: number | undefined; readonly nodata?: (number | 'nan') | undefined } | undefined; readonly retentionDays?: number | undefined; readonly name?: string | undefined; readonly labels?: { readonly [name: string]: string } | undefined };

/** What to make of which imagery. docs/requests.md has examples. */
export type RequestSpecFilled = { readonly aoi?: (readonly number[] | { readonly type: string; readonly coordinates?: readonly unknown[] | undefined; readonly [name: string]: unknown } | string) | undefined; readonly zones?: ({ readonly type: 'FeatureCollection'; readonly features: readonly unknown[]; readonly [name: string]: unknown } | readonly string[] | { readonly sha256: string; readonly features: number; readonly bbox: readonly number[] }) | undefined; readonly zoneId?: string | undefined; readonly datetime?: string | undefined; readonly provider?: string | undefined; readonly collections?: readonly string[] | undefined; readonly items?: readonly (string | { readonly href: string; readonly band: string; readonly bandIndex?: number | undefined; readonly datetime?: string | undefined; readonly nodata?: (number | 'nan') | undefined; readonly scale?: number | undefined; readonly offset?: number | undefined })[] | undefined; readonly pipeline: ({ readonly index: string; readonly constants?: { readonly [name: string]: number } | undefined } | { readonly expression: string; readonly bands?: { readonly [name: string]: string } | undefined; readonly name?: string | undefined } | { readonly bands: readonly string[] }); readonly mask: (('clouds' | 'none') | { readonly band?: string | undefined; readonly classes: readonly number[] } | { readonly band?: string | undefined; readonly bits: readonly number[] }); readonly maxCloudCoverPercent?: number | undefined; readonly composite: ('none' | 'first' | 'max' | 'min' | 'mean' | 'median'); readonly radiometry: (('reflectance' | 'raw') | { readonly scale: number; readonly offset: number }); readonly grid: ('native' | { readonly crs?: string | undefined; readonly resolution?: number | undefined; readonly bounds?: readonly number[] | undefined; readonly resampling?: ('nearest' | 'bilinear' | 'cubic' | 'average' | 'mode' | 'min' | 'max') | undefined }); readonly output: { readonly dtype: ('float32' | 'int16' | 'uint16' | 'uint8' | 'int32'); readonly scale?: number | undefined; readonly nodata?: (number | 'nan') | undefined }; readonly retentionDays: number; readonly name?: string | undefined; readonly labels?: { readonly [name: string]: string } | undefined };

export type RequestState = ('accepted' | 'ordering' | 'acquiring' | 'processing' | 'publishing' | 'waiting' | 'cancelling' | 'succeeded' | 'partial' | 'failed' | 'cancelled' | 'expired');

export type RequestStatistics = { readonly requestId: string; readonly state: RequestState; readonly rows: readonly StatisticsRow[]; readonly links: readonly Link[] };

export type ResultInfo = { readonly bounds: readonly number[]; readonly crs: string; readonly band_metadata: readonly (readonly (string | { readonly [name: string]: string })[])[]; readonly band_descriptions: readonly (readonly string[])[]; readonly dtype: string; readonly nodata_type: ('Nodata' | 'None'); readonly nodata_value: (number | 'nan' | null); readonly scales: readonly number[]; readonly offsets: readonly number[]; readonly count: number; readonly width: number; readonly height: number; readonly overviews: readonly number[]; readonly driver: 'GTiff'; readonly minzoom: number; readonly maxzoom: number };

export type ResultStatistics = { readonly [name: string]: { readonly description: string; readonly min: (number | null); readonly max: (number | null); readonly mean: (number | null); readonly count: number; readonly std: (number | null); readonly median: (number | null); readonly valid_percent: number; readonly percentile_2: (number | null); readonly percentile_98: (number | null); readonly histogram: (readonly (readonly number[])[] | null) } };

export type SceneCollection = { readonly type: 'FeatureCollection'; readonly features: readonly SceneFeature[]; readonly numberReturned: number; readonly truncated: boolean; readonly skipped: readonly { readonly id: string; readonly reason: string }[] };

export type SceneFeature = { readonly type: 'Feature'; readonly id: string; readonly collection: string; readonly geometry: ({ readonly type: ('Polygon' | 'MultiPolygon'); readonly coordinates: readonly unknown[] } | null); readonly bbox?: readonly number[] | undefined; readonly properties: { readonly datetime: (string | null); readonly 'eo:cloud_cover': (number | null); readonly platform: (string | null); readonly 'swath:provider': string; readonly 'swath:bands': readonly string[] }; readonly links: readonly Link[] };

export type Search = { readonly provider?: string | undefined; readonly collections?: readonly string[] | undefined; readonly aoi?: (readonly number[] | { readonly type: string; readonly [name: string]: unknown } | string) | undefined; readonly datetime?: string | undefined; readonly maxCloudCoverPercent?: number | undefined; readonly limit?: number | undefined };

export type SpectralIndex = { readonly name: string; readonly aliases: readonly string[]; readonly title: string; readonly formula: string; readonly bands: readonly string[]; readonly constants: { readonly [name: string]: (number | null) }; readonly sensors: { readonly [name: string]: { readonly [name: string]: string } }; readonly range: (readonly number[] | null); readonly ramp: string; readonly domain: string; readonly reference: string };

export type StacCollection = { readonly type: 'Collection'; readonly stac_version: string; readonly id: string; readonly title: string; readonly description: string; readonly license: string; readonly extent: { readonly [name: string]: unknown }; readonly links: readonly StacLink[]; readonly [name: string]: unknown };

export type StacCollections = { readonly collections: readonly StacCollection[]; readonly links: readonly StacLink[]; readonly numberReturned: number; readonly numberMatched: number; readonly 'swath:silent': readonly { readonly provider: string; readonly reason: string }[] };

export type StacItem = { readonly type?: string | undefined; readonly stac_version?: string | undefined; readonly id: string; readonly collection?: string | undefined; readonly geometry?: ({ readonly [name: string]: unknown } | null) | undefined; readonly properties?: { readonly [name: string]: unknown } | undefined; readonly links?: readonly StacLink[] | undefined; readonly assets?: { readonly [name: string]: unknown } | undefined; readonly [name: string]: unknown };

export type StacLink = { readonly rel: string; readonly href: string; readonly type?: string | undefined; readonly title?: string | undefined; readonly method?: ('GET' | 'POST') | undefined; readonly body?: { readonly [name: string]: unknown } | undefined; readonly merge?: boolean | undefined };

export type StacSearch = { readonly collections?: (readonly string[] | string) | undefined; readonly ids?: readonly string[] | undefined; readonly bbox?: readonly number[] | undefined; readonly intersects?: { readonly type: string; readonly [name: string]: unknown } | undefined; readonly datetime?: string | undefined; readonly filter?: (string | { readonly [name: string]: unknown } | boolean) | undefined; readonly 'filter-lang'?: ('cql2-text' | 'cql2-json') | undefined; readonly 'filter-crs'?: string | undefined; readonly query?: { readonly [name: string]: unknown } | undefined; readonly sortby?: (string | readonly { readonly field: string; readonly direction?: string | undefined }[]) | undefined; readonly fields?: (string | { readonly include?: (readonly string[] | null) | undefined; readonly exclude?: (readonly string[] | null) | undefined }) | undefined; readonly limit?: number | undefined; readonly token?: string | undefined };

export type StatisticsRow = { readonly product: string; readonly start: (string | null); readonly end: (string | null); readonly zone: string; readonly band: string; readonly pixels: number; readonly count: number; readonly validPercent: number; readonly min: (number | null); readonly max: (number | null); readonly mean: (number | null); readonly std: (number | null); readonly p2: (number | null); readonly p5: (number | null); readonly p25: (number | null); readonly p50: (number | null); readonly p75: (number | null); readonly p95: (number | null); readonly p98: (number | null) };

export type TileJson = { readonly tilejson: '3.0.0'; readonly name: string; readonly version: string; readonly attribution: string; readonly scheme: 'xyz'; readonly tiles: readonly string[]; readonly minzoom: number; readonly maxzoom: number; readonly bounds: readonly number[]; readonly center: readonly number[] };

export type TokenAnswer = { readonly access_token: string; readonly token_type: string; readonly expires_in?: number | undefined; readonly id_token?: string | undefined; readonly refresh_token?: string | undefined; readonly scope?: string | undefined };

export type TokenForm = { readonly grant_type: string; readonly client_id: string; readonly device_code?: string | undefined; readonly refresh_token?: string | undefined; readonly code?: string | undefined; readonly redirect_uri?: string | undefined; readonly code_verifier?: string | undefined };

export type Upload = { readonly id: string; readonly state: ('waiting' | 'uploading' | 'checking' | 'registered' | 'refused' | 'expired'); readonly fileName: string; readonly sizeBytes: number; readonly sha256: (string | null); readonly collection: string; readonly datetime: string; readonly title: (string | null); readonly partSizeBytes: number; readonly partCount: number; readonly createdAt: string; readonly updatedAt: string; readonly openUntil: string; readonly refusal: ({ readonly reason: string; readonly message: string; readonly fix: string } | null); readonly item: ({ readonly collection: string; readonly id: string } | null); readonly notes: readonly string[]; readonly links: readonly Link[] };

export type UploadCompleteInput = { readonly parts?: readonly { readonly part: number; readonly etag: string }[] | undefined };

export type UploadInput = { readonly fileName: string; readonly sizeBytes: number; readonly sha256?: string | undefined; readonly collection: string; readonly datetime: string; readonly bands?: readonly { readonly name: string; readonly description?: string | undefined; readonly unit?: string | undefined }[] | undefined; readonly nodata?: (number | 'nan') | undefined; readonly scale?: number | undefined; readonly offset?: number | undefined; readonly title?: string | undefined };

export type UploadList = { readonly uploads: readonly Upload[]; readonly links: readonly Link[] };

export type UploadParts = { readonly parts: readonly { readonly part: number; readonly sizeBytes: number; readonly url: string }[]; readonly received: readonly { readonly part: number; readonly etag: string; readonly sizeBytes: number }[] };

export type UploadPartsInput = { readonly parts?: readonly number[] | undefined };

export type UploadWithParts = { readonly id: string; readonly state: ('waiting' | 'uploading' | 'checking' | 'registered' | 'refused' | 'expired'); readonly fileName: string; readonly sizeBytes: number; readonly sha256: (string | null); readonly collection: string; readonly datetime: string; readonly title: (string | null); readonly partSizeBytes: number; readonly partCount: number; readonly createdAt: string; readonly updatedAt: string; readonly openUntil: string; readonly refusal: ({ readonly reason: string; readonly message: string; readonly fix: string } | null); readonly item: ({ readonly collection: string; readonly id: string } | null); readonly notes: readonly string[]; readonly links: readonly Link[]; readonly received: readonly { readonly part: number; readonly etag: string; readonly sizeBytes: number }[] };

export type Usage = { readonly project: string; readonly budget: { readonly heldUnits: number; readonly spentUnits: number }; readonly months: readonly UsageMonth[]; readonly links: readonly Link[] };

export type UsageMonth = { readonly month: string; readonly requests: { readonly accepted: number; readonly open: number; readonly succeeded: number; readonly partial: number; readonly failed: number; readonly cancelled: number; readonly expired: number; readonly reused: number }; readonly products: number; readonly pixels: number; readonly bytesWritten: number; readonly bytesReadPlanned: number; readonly bytesRead: number; readonly chunks: number; readonly computeSeconds: number; readonly cpuSeconds: number; readonly budgetUnits: number; readonly estimatedUsd: number };

export type UserProcess = { readonly id: string; readonly [name: string]: unknown };

/** By operationId: what a call takes, and the JSON it gives. */
export interface Calls {
  /** Landing page */
  readonly getLandingPage: { readonly input: { readonly query?: { readonly cursor?: string | undefined } }; readonly answer: Landing };
  /** Order imagery */
  readonly createRequest: { readonly input: { readonly headers?: { readonly 'Idempotency-Key'?: string | undefined }; readonly body: RequestSpec }; readonly answer: Request };
  /** List requests */
  readonly listRequests: { readonly input: { readonly query?: { readonly state?: RequestState | undefined; readonly name?: string | undefined; readonly label?: readonly string[] | undefined; readonly created?: string | undefined; readonly limit?: number | undefined; readonly cursor?: string | undefined } }; readonly answer: RequestList };
  /** Plan without ordering */
  readonly planRequest: { readonly input: { readonly body: RequestSpec }; readonly answer: Plan };
  /** Look at a request */
  readonly getRequest: { readonly input: { readonly params: { readonly id: string } }; readonly answer: Request };
  /** Cancel */
  readonly cancelRequest: { readonly input: { readonly params: { readonly id: string } }; readonly answer: Request };
  /** Try again */
  readonly retryRequest: { readonly input: { readonly params: { readonly id: string } }; readonly answer: Request };
  /** What happened, and what happens now */
  readonly listRequestEvents: { readonly input: { readonly params: { readonly id: string }; readonly headers?: { readonly 'Last-Event-ID'?: string | undefined } }; readonly answer: RequestEventList };
  /** Results of a request */
  readonly getRequestResults: { readonly input: { readonly params: { readonly id: string } }; readonly answer: RequestResults };
  /** A file of a result */
  readonly getResultFile: { readonly input: { readonly params: { readonly contentKey: string; readonly label: string; readonly file: string }; readonly headers?: { readonly Range?: string | undefined; readonly 'If-None-Match'?: string | undefined } }; readonly answer: unknown };
  /** A file of a result */
  readonly getPartialResultFile: { readonly input: { readonly params: { readonly contentKey: string; readonly label: string; readonly part: string; readonly file: string }; readonly headers?: { readonly Range?: string | undefined; readonly 'If-None-Match'?: string | undefined } }; readonly answer: unknown };
  /** Statistics of a request, by zone and date */
  readonly getRequestStatistics: { readonly input: { readonly params: { readonly id: string }; readonly query?: { readonly zone?: string | undefined; readonly band?: string | undefined; readonly limit?: number | undefined; readonly cursor?: string | undefined } }; readonly answer: RequestStatistics };
  /** What the project used */
  readonly getUsage: { readonly input: { readonly query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined } }; readonly answer: Usage };
  /** Stored areas */
  readonly listAreas: { readonly input: { readonly query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined } }; readonly answer: AreaList };
  /** Look at an area */
  readonly getArea: { readonly input: { readonly params: { readonly id: string }; readonly query?: { readonly version?: number | undefined } }; readonly answer: Area };
  /** Store an area */
  readonly putArea: { readonly input: { readonly params: { readonly id: string }; readonly body: AreaInput }; readonly answer: Area };
  /** Delete an area */
  readonly deleteArea: { readonly input: { readonly params: { readonly id: string } }; readonly answer: undefined };
  /** Bring a GeoTIFF */
  readonly beginUpload: { readonly input: { readonly body: UploadInput }; readonly answer: BegunUpload };
  /** Uploads of the project */
  readonly listUploads: { readonly input: { readonly query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined } }; readonly answer: UploadList };
  /** Look at an upload */
  readonly getUpload: { readonly input: { readonly params: { readonly id: string } }; readonly answer: UploadWithParts };
  /** Delete an upload */
  readonly deleteUpload: { readonly input: { readonly params: { readonly id: string } }; readonly answer: undefined };
  /** Fresh links to parts */
  readonly linkUploadParts: { readonly input: { readonly params: { readonly id: string }; readonly body: UploadPartsInput }; readonly answer: UploadParts };
  /** Complete an upload */
  readonly completeUpload: { readonly input: { readonly params: { readonly id: string }; readonly body: UploadCompleteInput }; readonly answer: Upload };
  /** The file of an upload */
  readonly getUploadedFile: { readonly input: { readonly params: { readonly id: string; readonly file: string }; readonly headers?: { readonly Range?: string | undefined; readonly 'If-None-Match'?: string | undefined } }; readonly answer: unknown };
  /** TileJSON of a result */
  readonly getTileJson: { readonly input: { readonly params: { readonly contentKey: string; readonly label: string }; readonly query?: { readonly bidx?: readonly string[] | undefined; readonly bands?: readonly string[] | undefined; readonly expression?: string | undefined; readonly rescale?: readonly string[] | undefined; readonly colormap_name?: string | undefined; readonly colormap?: string | undefined; readonly nodata?: string | undefined; readonly resampling?: string | undefined; readonly unscale?: string | undefined; readonly format?: string | undefined; readonly tile_scale?: ('1' | '2') | undefined } }; readonly answer: TileJson };
  /** A picture of a result */
  readonly getResultPreview: { readonly input: { readonly params: { readonly contentKey: string; readonly label: string }; readonly query?: { readonly bidx?: readonly string[] | undefined; readonly bands?: readonly string[] | undefined; readonly expression?: string | undefined; readonly rescale?: readonly string[] | undefined; readonly colormap_name?: string | undefined; readonly colormap?: string | undefined; readonly nodata?: string | undefined; readonly resampling?: string | undefined; readonly unscale?: string | undefined; readonly format?: string | undefined; readonly width?: string | undefined; readonly height?: string | undefined; readonly max_size?: string | undefined; readonly bbox?: string | undefined; readonly dst_crs?: string | undefined }; readonly headers?: { readonly 'If-None-Match'?: string | undefined } }; readonly answer: unknown };
  /** Bands, grid and zooms of a result */
  readonly getResultInfo: { readonly input: { readonly params: { readonly contentKey: string; readonly label: string } }; readonly answer: ResultInfo };
  /** Statistics of a result’s bands */
  readonly getResultBandStatistics: { readonly input: { readonly params: { readonly contentKey: string; readonly label: string } }; readonly answer: ResultStatistics };
  /** Values at a place */
  readonly getResultPoint: { readonly input: { readonly params: { readonly contentKey: string; readonly label: string; readonly point: string }; readonly query?: { readonly bidx?: readonly string[] | undefined; readonly bands?: readonly string[] | undefined; readonly expression?: string | undefined; readonly nodata?: string | undefined; readonly unscale?: string | undefined } }; readonly answer: PointValues };
  /** A map tile */
  readonly getTile: { readonly input: { readonly params: { readonly contentKey: string; readonly label: string; readonly z: string; readonly x: string; readonly y: string }; readonly query?: { readonly bidx?: readonly string[] | undefined; readonly bands?: readonly string[] | undefined; readonly expression?: string | undefined; readonly rescale?: readonly string[] | undefined; readonly colormap_name?: string | undefined; readonly colormap?: string | undefined; readonly nodata?: string | undefined; readonly resampling?: string | undefined; readonly unscale?: string | undefined }; readonly headers?: { readonly 'If-None-Match'?: string | undefined } }; readonly answer: unknown };
  /** WMTS 1.0.0 of a request’s results */
  readonly getWmts: { readonly input: { readonly params: { readonly contentKey: string }; readonly query?: { readonly bidx?: readonly string[] | undefined; readonly bands?: readonly string[] | undefined; readonly expression?: string | undefined; readonly rescale?: readonly string[] | undefined; readonly colormap_name?: string | undefined; readonly colormap?: string | undefined; readonly nodata?: string | undefined; readonly resampling?: string | undefined; readonly unscale?: string | undefined; readonly service?: string | undefined; readonly request?: string | undefined; readonly version?: string | undefined; readonly layer?: string | undefined; readonly style?: string | undefined; readonly format?: string | undefined; readonly tilematrixset?: string | undefined; readonly tilematrix?: string | undefined; readonly tilerow?: string | undefined; readonly tilecol?: string | undefined; readonly time?: string | undefined } }; readonly answer: unknown };
  /** WMTS 1.0.0 of one result or Item */
  readonly getImageWmts: { readonly input: { readonly params: { readonly contentKey: string; readonly label: string }; readonly query?: { readonly bidx?: readonly string[] | undefined; readonly bands?: readonly string[] | undefined; readonly expression?: string | undefined; readonly rescale?: readonly string[] | undefined; readonly colormap_name?: string | undefined; readonly colormap?: string | undefined; readonly nodata?: string | undefined; readonly resampling?: string | undefined; readonly unscale?: string | undefined; readonly service?: string | undefined; readonly request?: string | undefined; readonly version?: string | undefined; readonly layer?: string | undefined; readonly style?: string | undefined; readonly format?: string | undefined; readonly tilematrixset?: string | undefined; readonly tilematrix?: string | undefined; readonly tilerow?: string | undefined; readonly tilecol?: string | undefined; readonly time?: string | undefined } }; readonly answer: unknown };
  /** See a request before sending it */
  readonly previewRequest: { readonly input: { readonly query?: { readonly width?: string | undefined; readonly format?: string | undefined; readonly rescale?: readonly string[] | undefined; readonly colormap_name?: string | undefined; readonly colormap?: string | undefined }; readonly body: RequestSpec }; readonly answer: unknown };
  /** TileJSON of a result, by a link */
  readonly getTileJsonByLink: { readonly input: { readonly params: { readonly contentKey: string; readonly label: string }; readonly query?: { readonly bidx?: readonly string[] | undefined; readonly bands?: readonly string[] | undefined; readonly expression?: string | undefined; readonly rescale?: readonly string[] | undefined; readonly colormap_name?: string | undefined; readonly colormap?: string | undefined; readonly nodata?: string | undefined; readonly resampling?: string | undefined; readonly unscale?: string | undefined; readonly format?: string | undefined; readonly tile_scale?: ('1' | '2') | undefined; readonly link?: string | undefined } }; readonly answer: TileJson };
  /** A picture of a result, by a link */
  readonly getResultPreviewByLink: { readonly input: { readonly params: { readonly contentKey: string; readonly label: string }; readonly query?: { readonly bidx?: readonly string[] | undefined; readonly bands?: readonly string[] | undefined; readonly expression?: string | undefined; readonly rescale?: readonly string[] | undefined; readonly colormap_name?: string | undefined; readonly colormap?: string | undefined; readonly nodata?: string | undefined; readonly resampling?: string | undefined; readonly unscale?: string | undefined; readonly format?: string | undefined; readonly width?: string | undefined; readonly height?: string | undefined; readonly max_size?: string | undefined; readonly bbox?: string | undefined; readonly dst_crs?: string | undefined; readonly link?: string | undefined }; readonly headers?: { readonly 'If-None-Match'?: string | undefined } }; readonly answer: unknown };
  /** A map tile, by a link */
  readonly getTileByLink: { readonly input: { readonly params: { readonly contentKey: string; readonly label: string; readonly z: string; readonly x: string; readonly y: string }; readonly query?: { readonly bidx?: readonly string[] | undefined; readonly bands?: readonly string[] | undefined; readonly expression?: string | undefined; readonly rescale?: readonly string[] | undefined; readonly colormap_name?: string | undefined; readonly colormap?: string | undefined; readonly nodata?: string | undefined; readonly resampling?: string | undefined; readonly unscale?: string | undefined; readonly link?: string | undefined }; readonly headers?: { readonly 'If-None-Match'?: string | undefined } }; readonly answer: unknown };
  /** WMTS 1.0.0 of a request’s results, by a link */
  readonly getWmtsByLink: { readonly input: { readonly params: { readonly contentKey: string }; readonly query?: { readonly bidx?: readonly string[] | undefined; readonly bands?: readonly string[] | undefined; readonly expression?: string | undefined; readonly rescale?: readonly string[] | undefined; readonly colormap_name?: string | undefined; readonly colormap?: string | undefined; readonly nodata?: string | undefined; readonly resampling?: string | undefined; readonly unscale?: string | undefined; readonly service?: string | undefined; readonly request?: string | undefined; readonly version?: string | undefined; readonly layer?: string | undefined; readonly style?: string | undefined; readonly format?: string | undefined; readonly tilematrixset?: string | undefined; readonly tilematrix?: string | undefined; readonly tilerow?: string | undefined; readonly tilecol?: string | undefined; readonly time?: string | undefined; readonly link?: string | undefined } }; readonly answer: unknown };
  /** WMTS 1.0.0 of one result or Item, by a link */
  readonly getImageWmtsByLink: { readonly input: { readonly params: { readonly contentKey: string; readonly label: string }; readonly query?: { readonly bidx?: readonly string[] | undefined; readonly bands?: readonly string[] | undefined; readonly expression?: string | undefined; readonly rescale?: readonly string[] | undefined; readonly colormap_name?: string | undefined; readonly colormap?: string | undefined; readonly nodata?: string | undefined; readonly resampling?: string | undefined; readonly unscale?: string | undefined; readonly service?: string | undefined; readonly request?: string | undefined; readonly version?: string | undefined; readonly layer?: string | undefined; readonly style?: string | undefined; readonly format?: string | undefined; readonly tilematrixset?: string | undefined; readonly tilematrix?: string | undefined; readonly tilerow?: string | undefined; readonly tilecol?: string | undefined; readonly time?: string | undefined; readonly link?: string | undefined } }; readonly answer: unknown };
  /** Addresses of maps for programs that send no header */
  readonly createMapLink: { readonly input: { readonly params: { readonly contentKey: string }; readonly body: MapLinkInput }; readonly answer: MapLink };
  /** Sources of imagery */
  readonly listProviders: { readonly input: Nothing; readonly answer: ProviderList };
  /** Collections of a provider */
  readonly listProviderCollections: { readonly input: { readonly params: { readonly id: string } }; readonly answer: CollectionList };
  /** What this API conforms to */
  readonly getConformance: { readonly input: Nothing; readonly answer: Conformance };
  /** What a filter may name */
  readonly getQueryables: { readonly input: Nothing; readonly answer: unknown };
  /** Collections */
  readonly getCollections: { readonly input: { readonly query?: { readonly bbox?: string | undefined; readonly datetime?: string | undefined; readonly q?: string | undefined; readonly limit?: number | undefined; readonly cursor?: number | undefined } }; readonly answer: StacCollections };
  /** A collection */
  readonly getCollection: { readonly input: { readonly params: { readonly collectionId: string } }; readonly answer: StacCollection };
  /** What a filter on a collection may name */
  readonly getCollectionQueryables: { readonly input: { readonly params: { readonly collectionId: string } }; readonly answer: unknown };
  /** Items of a collection */
  readonly getItems: { readonly input: { readonly params: { readonly collectionId: string }; readonly query?: { readonly bbox?: string | undefined; readonly datetime?: string | undefined; readonly limit?: number | undefined; readonly filter?: string | undefined; readonly 'filter-lang'?: ('cql2-text' | 'cql2-json') | undefined; readonly 'filter-crs'?: string | undefined; readonly query?: string | undefined; readonly sortby?: string | undefined; readonly fields?: string | undefined; readonly token?: string | undefined; readonly ids?: string | undefined; readonly collections?: string | undefined } }; readonly answer: ItemCollection };
  /** An Item */
  readonly getItem: { readonly input: { readonly params: { readonly collectionId: string; readonly itemId: string } }; readonly answer: StacItem };
  /** Search Items by URL */
  readonly getItemSearch: { readonly input: { readonly query?: { readonly bbox?: string | undefined; readonly datetime?: string | undefined; readonly limit?: number | undefined; readonly filter?: string | undefined; readonly 'filter-lang'?: ('cql2-text' | 'cql2-json') | undefined; readonly 'filter-crs'?: string | undefined; readonly query?: string | undefined; readonly sortby?: string | undefined; readonly fields?: string | undefined; readonly token?: string | undefined; readonly intersects?: string | undefined; readonly ids?: string | undefined; readonly collections?: string | undefined } }; readonly answer: ItemCollection };
  /** Search Items */
  readonly postItemSearch: { readonly input: { readonly body: StacSearch }; readonly answer: ItemCollection };
  /** Versions of the openEO API */
  readonly getOpeneoVersions: { readonly input: Nothing; readonly answer: OpeneoVersions };
  /** Predefined processes */
  readonly listProcesses: { readonly input: { readonly query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined } }; readonly answer: ProcessList };
  /** File formats of results */
  readonly listFileFormats: { readonly input: Nothing; readonly answer: FileFormats };
  /** Runtimes for code of users */
  readonly listUdfRuntimes: { readonly input: Nothing; readonly answer: { readonly [name: string]: unknown } };
  /** Secondary web services */
  readonly listServiceTypes: { readonly input: Nothing; readonly answer: { readonly [name: string]: unknown } };
  /** Sign in by name and password */
  readonly signInBasic: { readonly input: { readonly headers?: { readonly Authorization?: string | undefined } }; readonly answer: BasicToken };
  /** Sign in by OpenID Connect */
  readonly listOidcProviders: { readonly input: Nothing; readonly answer: OidcProviders };
  /** Who is signed in */
  readonly getAccount: { readonly input: Nothing; readonly answer: Account };
  /** Check a process graph */
  readonly validateProcess: { readonly input: { readonly body: ProcessGraphWithMetadata }; readonly answer: GraphValidation };
  /** Saved pipelines */
  readonly listUserProcesses: { readonly input: { readonly query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined } }; readonly answer: ProcessList };
  /** A saved pipeline */
  readonly getUserProcess: { readonly input: { readonly params: { readonly process_graph_id: string } }; readonly answer: UserProcess };
  /** Save a pipeline */
  readonly putUserProcess: { readonly input: { readonly params: { readonly process_graph_id: string }; readonly body: ProcessGraphWithMetadata }; readonly answer: null };
  /** Delete a saved pipeline */
  readonly deleteUserProcess: { readonly input: { readonly params: { readonly process_graph_id: string } }; readonly answer: undefined };
  /** Compute a small result at once */
  readonly computeResult: { readonly input: { readonly body: JobBody }; readonly answer: unknown };
  /** Batch jobs */
  readonly listJobs: { readonly input: { readonly query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined } }; readonly answer: JobList };
  /** Create a batch job */
  readonly createJob: { readonly input: { readonly body: JobBody }; readonly answer: null };
  /** Look at a batch job */
  readonly getJob: { readonly input: { readonly params: { readonly job_id: string } }; readonly answer: Job };
  /** Change a batch job */
  readonly updateJob: { readonly input: { readonly params: { readonly job_id: string }; readonly body: JobBody }; readonly answer: undefined };
  /** Delete a batch job */
  readonly deleteJob: { readonly input: { readonly params: { readonly job_id: string } }; readonly answer: undefined };
  /** How large the results will be */
  readonly estimateJob: { readonly input: { readonly params: { readonly job_id: string } }; readonly answer: JobEstimate };
  /** Start a batch job */
  readonly startJob: { readonly input: { readonly params: { readonly job_id: string } }; readonly answer: null };
  /** Cancel a batch job */
  readonly stopJob: { readonly input: { readonly params: { readonly job_id: string } }; readonly answer: undefined };
  /** Results of a batch job */
  readonly getJobResults: { readonly input: { readonly params: { readonly job_id: string }; readonly query?: { readonly partial?: ('true' | 'false' | '') | undefined } }; readonly answer: JobResults };
  /** Log of a batch job */
  readonly getJobLogs: { readonly input: { readonly params: { readonly job_id: string }; readonly query?: { readonly offset?: string | undefined; readonly level?: ('error' | 'warning' | 'info' | 'debug') | undefined; readonly limit?: number | undefined } }; readonly answer: LogList };
  /** The table of a batch job */
  readonly getJobTable: { readonly input: { readonly params: { readonly job_id: string; readonly file: string }; readonly headers?: { readonly Range?: string | undefined; readonly 'If-None-Match'?: string | undefined } }; readonly answer: unknown };
  /** Where clients sign in */
  readonly getOpenidConfiguration: { readonly input: Nothing; readonly answer: OpenidConfiguration };
  /** A code for a device */
  readonly authorizeDevice: { readonly input: Nothing; readonly answer: DeviceAuthorization };
  /** Tokens for a device code, a refresh token or an authorization code */
  readonly giveTokens: { readonly input: Nothing; readonly answer: TokenAnswer };
  /** Where a person types the code of a device */
  readonly showDevicePage: { readonly input: { readonly query?: { readonly user_code?: string | undefined } }; readonly answer: unknown };
  /** A person allows a device, or refuses */
  readonly answerDevicePage: { readonly input: Nothing; readonly answer: unknown };
  /** Where the issuer sends a person back to */
  readonly endDeviceSignIn: { readonly input: { readonly query?: { readonly state?: string | undefined; readonly code?: string | undefined; readonly error?: string | undefined } }; readonly answer: unknown };
  /** Search scenes of a provider */
  readonly searchScenes: { readonly input: { readonly body: Search }; readonly answer: SceneCollection };
  /** Spectral indices */
  readonly listIndices: { readonly input: { readonly query?: { readonly q?: string | undefined } }; readonly answer: IndexList };
  /** Is it up */
  readonly getHealth: { readonly input: Nothing; readonly answer: Health };
  /** OpenAPI document */
  readonly getOpenApi: { readonly input: Nothing; readonly answer: unknown };
  /** This API for people */
  readonly getApiPage: { readonly input: Nothing; readonly answer: unknown };
}

/** By operationId: where a call goes. */
export const places = {
  getLandingPage: { method: 'GET', path: '/' },
  createRequest: { method: 'POST', path: '/requests' },
  listRequests: { method: 'GET', path: '/requests' },
  planRequest: { method: 'POST', path: '/requests/plan' },
  getRequest: { method: 'GET', path: '/requests/{id}' },
  cancelRequest: { method: 'POST', path: '/requests/{id}/cancel' },
  retryRequest: { method: 'POST', path: '/requests/{id}/retry' },
  listRequestEvents: { method: 'GET', path: '/requests/{id}/events' },
  getRequestResults: { method: 'GET', path: '/requests/{id}/results' },
  getResultFile: { method: 'GET', path: '/results/{contentKey}/{label}/{file}' },
  getPartialResultFile: { method: 'GET', path: '/results/{contentKey}/{label}/{part}/{file}' },
  getRequestStatistics: { method: 'GET', path: '/requests/{id}/statistics' },
  getUsage: { method: 'GET', path: '/usage' },
  listAreas: { method: 'GET', path: '/aois' },
  getArea: { method: 'GET', path: '/aois/{id}' },
  putArea: { method: 'PUT', path: '/aois/{id}' },
  deleteArea: { method: 'DELETE', path: '/aois/{id}' },
  beginUpload: { method: 'POST', path: '/uploads' },
  listUploads: { method: 'GET', path: '/uploads' },
  getUpload: { method: 'GET', path: '/uploads/{id}' },
  deleteUpload: { method: 'DELETE', path: '/uploads/{id}' },
  linkUploadParts: { method: 'POST', path: '/uploads/{id}/parts' },
  completeUpload: { method: 'POST', path: '/uploads/{id}/complete' },
  getUploadedFile: { method: 'GET', path: '/uploads/{id}/{file}' },
  getTileJson: { method: 'GET', path: '/tiles/{contentKey}/{label}/tilejson.json' },
  getResultPreview: { method: 'GET', path: '/tiles/{contentKey}/{label}/preview' },
  getResultInfo: { method: 'GET', path: '/tiles/{contentKey}/{label}/info' },
  getResultBandStatistics: { method: 'GET', path: '/tiles/{contentKey}/{label}/statistics' },
  getResultPoint: { method: 'GET', path: '/tiles/{contentKey}/{label}/point/{point}' },
  getTile: { method: 'GET', path: '/tiles/{contentKey}/{label}/{z}/{x}/{y}' },
  getWmts: { method: 'GET', path: '/tiles/{contentKey}/wmts' },
  getImageWmts: { method: 'GET', path: '/tiles/{contentKey}/{label}/wmts' },
  previewRequest: { method: 'POST', path: '/preview' },
  getTileJsonByLink: { method: 'GET', path: '/maps/tiles/{contentKey}/{label}/tilejson.json' },
  getResultPreviewByLink: { method: 'GET', path: '/maps/tiles/{contentKey}/{label}/preview' },
  getTileByLink: { method: 'GET', path: '/maps/tiles/{contentKey}/{label}/{z}/{x}/{y}' },
  getWmtsByLink: { method: 'GET', path: '/maps/tiles/{contentKey}/wmts' },
  getImageWmtsByLink: { method: 'GET', path: '/maps/tiles/{contentKey}/{label}/wmts' },
  createMapLink: { method: 'POST', path: '/tiles/{contentKey}/links' },
  listProviders: { method: 'GET', path: '/providers' },
  listProviderCollections: { method: 'GET', path: '/providers/{id}/collections' },
  getConformance: { method: 'GET', path: '/conformance' },
  getQueryables: { method: 'GET', path: '/queryables' },
  getCollections: { method: 'GET', path: '/collections' },
  getCollection: { method: 'GET', path: '/collections/{collectionId}' },
  getCollectionQueryables: { method: 'GET', path: '/collections/{collectionId}/queryables' },
  getItems: { method: 'GET', path: '/collections/{collectionId}/items' },
  getItem: { method: 'GET', path: '/collections/{collectionId}/items/{itemId}' },
  getItemSearch: { method: 'GET', path: '/search' },
  postItemSearch: { method: 'POST', path: '/search' },
  getOpeneoVersions: { method: 'GET', path: '/.well-known/openeo' },
  listProcesses: { method: 'GET', path: '/processes' },
  listFileFormats: { method: 'GET', path: '/file_formats' },
  listUdfRuntimes: { method: 'GET', path: '/udf_runtimes' },
  listServiceTypes: { method: 'GET', path: '/service_types' },
  signInBasic: { method: 'GET', path: '/credentials/basic' },
  listOidcProviders: { method: 'GET', path: '/credentials/oidc' },
  getAccount: { method: 'GET', path: '/me' },
  validateProcess: { method: 'POST', path: '/validation' },
  listUserProcesses: { method: 'GET', path: '/process_graphs' },
  getUserProcess: { method: 'GET', path: '/process_graphs/{process_graph_id}' },
  putUserProcess: { method: 'PUT', path: '/process_graphs/{process_graph_id}' },
  deleteUserProcess: { method: 'DELETE', path: '/process_graphs/{process_graph_id}' },
  computeResult: { method: 'POST', path: '/result' },
  listJobs: { method: 'GET', path: '/jobs' },
  createJob: { method: 'POST', path: '/jobs' },
  getJob: { method: 'GET', path: '/jobs/{job_id}' },
  updateJob: { method: 'PATCH', path: '/jobs/{job_id}' },
  deleteJob: { method: 'DELETE', path: '/jobs/{job_id}' },
  estimateJob: { method: 'GET', path: '/jobs/{job_id}/estimate' },
  startJob: { method: 'POST', path: '/jobs/{job_id}/results' },
  stopJob: { method: 'DELETE', path: '/jobs/{job_id}/results' },
  getJobResults: { method: 'GET', path: '/jobs/{job_id}/results' },
  getJobLogs: { method: 'GET', path: '/jobs/{job_id}/logs' },
  getJobTable: { method: 'GET', path: '/jobs/{job_id}/results/{file}' },
  getOpenidConfiguration: { method: 'GET', path: '/oidc/.well-known/openid-configuration' },
  authorizeDevice: { method: 'POST', path: '/oidc/device_authorization' },
  giveTokens: { method: 'POST', path: '/oidc/token' },
  showDevicePage: { method: 'GET', path: '/device' },
  answerDevicePage: { method: 'POST', path: '/device' },
  endDeviceSignIn: { method: 'GET', path: '/device/callback' },
  searchScenes: { method: 'POST', path: '/scenes/search' },
  listIndices: { method: 'GET', path: '/indices' },
  getHealth: { method: 'GET', path: '/health' },
  getOpenApi: { method: 'GET', path: '/api' },
  getApiPage: { method: 'GET', path: '/api.html' },
} as const satisfies { readonly [Id in keyof Calls]: { readonly method: string; readonly path: string } };
