/** Each limit of pictures, and its reason. */

/** Longest side: 4,096 x 4,096 RGBA is 64 MiB, and more than any screen shows. */
export const PICTURE_SIDE_MAX = 4096;

/** Most columns of a picture in the terminal: the widest full-screen terminals have about 500. */
export const TERMINAL_COLUMNS_MAX = 500;
