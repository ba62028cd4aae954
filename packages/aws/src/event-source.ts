/** `source` of Swath's events, for rules. */
export const eventSource = 'swath';
