/** Every limit of reading tokens, with its reason. */

/** API Gateway takes 10,240 bytes of headers in all; a token of a person in 100 groups is about 6,000. */
export const TOKEN_LIMIT_CHARS = 8192;

/** How far the clocks of an issuer and of Lambda may be apart: both are kept to milliseconds, laptops to seconds. */
export const CLOCK_TOLERANCE_S = 30;

/** Keys are read anew after this time, so that one the issuer withdrew is not trusted for longer. Cognito advises hours. */
export const KEYS_LIFE_MS = 60 * 60_000;

/**
 * Between two readings of one issuer's keys, whether they succeed or fail: tokens naming keys that do not exist cost
 * nothing to make, and must not become requests to the issuer. A newly rotated key is refused for at most this long.
 */
export const KEYS_PAUSE_MS = 30_000;

/** While an issuer does not answer, keys read before are good for this long in all. */
export const KEYS_STALE_MS = 24 * 60 * 60_000;

/** A key set of ten RSA-4096 keys with certificates is 40 kB. */
export const KEYS_LIMIT_BYTES = 256 * 1024;

/** One answer of an issuer. */
export const KEYS_TIMEOUT_MS = 3000;

/** One document of an issuer with its repeats; two of them and the rest fit into the authorizer's 15 s. */
export const KEYS_DEADLINE_MS = 6000;

/** Groups of one token that are looked at; the header limit keeps honest ones far below. */
export const GROUPS_LIMIT = 500;

/** Longest subject that is part of a project's name as it is; longer or stranger ones are hashed. A UUID has 36. */
export const PLAIN_SUBJECT_LIMIT = 64;
