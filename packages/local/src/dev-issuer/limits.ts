/** A working day: long enough for a session at the laptop, short enough that a token in a shell's history is worth little. */
export const TOKEN_LIFE_H = 12;

/** Longest life that can be asked for: a month. Nothing can take a token back before its end. */
export const TOKEN_LIFE_MAX_H = 31 * 24;

/** A device asks every 5 s. Cognito's codes live for 5 minutes. */
export const SIGN_IN_CODE_LIFE_S = 300;

/** Sign-ins under way on one machine; the oldest goes first. */
export const SIGN_IN_CODES_MAX = 100;

/** A form with a token of 8,192 characters. */
export const SIGN_IN_FORM_BYTES = 16_384;
