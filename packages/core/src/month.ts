/** As AWS counts a month: 365 x 24 / 12. */
export const HOURS_PER_MONTH = 730;
