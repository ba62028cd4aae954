/** Tag on objects that are not kept for ever; its value is one of the classes. */
export const retentionTag = 'swath-retention-days';

/**
 * Days there is a lifecycle rule for. A rule matches a tag's value, not a number, so any number of days becomes the
 * next class: nothing goes before its time.
 */
export const retentionClassDays = [7, 30, 90, 365, 1825, 3650] as const;

/** `Tagging` of a put, as S3 wants it; undefined for what is kept until it is deleted. */
export function retentionTagging(keepDays: number | undefined): string | undefined {
  const found =
    keepDays === undefined ? undefined : retentionClassDays.find((classDays) => classDays >= keepDays);
  return found === undefined ? undefined : `${retentionTag}=${found}`;
}
