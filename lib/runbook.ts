/** Sections of docs/runbook.md that alarms point at; a test looks that each is there. */
export const runbookSections = [
  'queue-age',
  'dead-letters',
  'stream-failures',
  'api-errors',
  'api-slow',
  'authorizer-errors',
  'function-errors',
  'function-throttles',
  'sweep-silent',
  'oldest-request',
  'job-failures',
  'budget',
] as const;
export type RunbookSection = (typeof runbookSections)[number];

/** The end of an alarm's description. */
export function runbookSection(section: RunbookSection): string {
  return `Runbook: docs/runbook.md#${section}`;
}
