/** Every limit of signing devices in, with its reason. */

/** Life of a code: time to find a phone, a password and a second factor. openEO's Python client waits 5 minutes by itself. */
export const DEVICE_CODE_LIFE_S = 15 * 60;

/** Rows stay this long after their code has ended, so that a device that comes late is told `expired_token`. */
export const ENDED_ROWS_S = 60 * 60;

/** Seconds between two questions of a device; RFC 8628, 3.2 has the same where nothing is said. */
export const POLL_INTERVAL_S = 5;

/** Longest a device is slowed down to: `slow_down` adds 5 s each time (RFC 8628, 3.5). */
export const POLL_INTERVAL_MAX_S = 60;

/** By which a question may come early: networks delay one request and not the next. */
export const POLL_TOLERANCE_MS = 1000;

/**
 * Letters of a code that a person types: consonants alone, so that no word comes about and nothing is taken for a digit
 * (RFC 8628, 6.1). Eight of 20 are 34.6 bits.
 */
export const USER_CODE_LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
export const USER_CODE_LENGTH = 8;

/** A code that is taken is drawn again; with 1,000 open ones a second draw is needed once in 25 million. */
export const USER_CODE_DRAWS = 3;

/** Times that a person may set out to sign in for one code: a mistyped second factor, a closed page. */
export const SIGN_INS_PER_CODE = 5;

/** Codes a minute, of everybody together: a classroom at once. Whoever asks for more waits a minute. */
export const CODES_PER_MINUTE = 120;

/**
 * Wrong codes typed in a minute, of everybody together. With 15 minutes of life and all 1,800 codes open that a day's
 * worst quarter of an hour can have, guessing finds one with a probability of 300 * 15 * 1,800 / 20^8 = 0.03 %.
 */
export const WRONG_CODES_PER_MINUTE = 300;

/** A form of these routes: Cognito's refresh tokens are about 1,800 characters, its codes 36. */
export const FORM_LIMIT_BYTES = 16 * 1024;
export const FORM_FIELDS_LIMIT = 16;

/** Longest token, code or address in such a form. */
export const FIELD_LIMIT = 8192;

/** PKCE verifiers and challenges (RFC 7636, 4.1 and 4.2). */
export const VERIFIER_PATTERN = /^[A-Za-z0-9._~-]{43,128}$/;
export const CHALLENGE_PATTERN = /^[A-Za-z0-9_-]{43}$/;
