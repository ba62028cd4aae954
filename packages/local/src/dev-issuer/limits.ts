/** A working day: long enough for a session at the laptop, short enough that a token in a shell's history is worth little. */
export const TOKEN_LIFE_H = 12;

/** Longest life that can be asked for: a month. Nothing can take a token back before its end. */
export const TOKEN_LIFE_MAX_H = 31 * 24;
