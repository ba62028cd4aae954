import * as z from 'zod';
import { requestEnvironment } from '../support/environment.ts';

/** API Gateway's HTTP API ends an integration after 30 s; an answer after that reaches nobody. */
export const IMAGE_TIMEOUT_S = 29;

/** One whole vCPU (1,769 MB): a tile is computing, and the cores follow the memory. */
export const IMAGE_MEMORY_MB = 1769;

/**
 * Prefix in the results bucket of pictures too large for an answer: 6 MB of a Lambda's answer are 4.5 MB before base64.
 * They are answered by a link of 15 minutes, and are made again when they are gone: a day's lifecycle is enough.
 */
export const PICTURES_PREFIX = 'pictures/';

/** Bytes of a picture that is still answered as it is. */
export const ANSWER_LIMIT_BYTES = 4_500_000;

const { SWATH_TABLE, SWATH_RESULTS_BUCKET, SWATH_STAC_APIS, SWATH_DEFAULT_PROVIDER } =
  requestEnvironment.shape;

/**
 * Tiles and pictures of results, and previews of unsaved pipelines. Reads the table (may this project read these
 * results?), reads `results/*` by range, writes and links {@link PICTURES_PREFIX}. Serves `/tiles/*` and `/preview`, behind the
 * same authorizer as the API; `sharp` lies beside the bundle.
 */
export const contract = {
  name: 'image',
  environment: z.object({
    SWATH_TABLE,
    SWATH_RESULTS_BUCKET,
    /** Previews read files of uploads in it, below `uploads/`. */
    SWATH_RAW_BUCKET: z.string().min(1),
    /** Catalogues for previews, as the API has them. */
    SWATH_STAC_APIS,
    SWATH_DEFAULT_PROVIDER,
    /** Address that users see, without a slash at the end, where a proxy hides the API's own. */
    SWATH_PUBLIC_URL: z.url().exactOptional(),
  }),
  timeoutS: IMAGE_TIMEOUT_S,
  memoryMb: IMAGE_MEMORY_MB,
} as const;
