/** Pictures drawn at once by one process: more only share the cores and the memory (some 20 MiB each). */
export const PICTURES_AT_ONCE = 4;

/** Callers that wait for their turn: a map of 4K screens asks for about 150 tiles; above, clients come back. */
export const PICTURES_WAITING = 256;

/** Results whose facts are remembered: a few kilobytes each. */
export const RESULTS_KEPT = 256;

/** Layers of one capabilities document: results of one request. */
export const LAYERS_MAX = 1000;

/** Objects per page while results are listed; four files a result. */
export const LIST_PAGE = 1000;

/** Results opened at once while they are listed. */
export const OPEN_AT_ONCE = 8;

/**
 * Results never change under their key, so their pictures do not either: as long as results themselves are kept by
 * browsers. Private: a shared cache must know who may see what, as CloudFront does by its own rules.
 */
export const PICTURE_CACHE = 'private, max-age=86400, immutable';

/** Longest side of a live preview, pixels, unless the caller says otherwise. */
export const LIVE_SIDE_DEFAULT = 512;
export const LIVE_SIDE_MAX = 1024;
