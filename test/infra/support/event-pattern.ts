/**
 * Whether EventBridge's rules let an event through: every field of the pattern has to match, and of the values listed for a
 * field one. As far as our rules go: values, `prefix`, `anything-but`, `exists`. Anything else throws: a pattern that is
 * not understood must not pass for one that matches.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-content-based-filtering.html
 */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
  const fields = entriesOf(pattern);
  if (fields === undefined) throw new Error(`no event pattern: ${JSON.stringify(pattern)}`);
  return fields.every(([name, wanted]) => {
    if (name.startsWith('$')) throw new Error(`${name} is not understood here`);
    const value = Object.fromEntries(entriesOf(event) ?? [])[name];
    if (Array.isArray(wanted)) return wanted.some((one) => matchesValue(one, value));
    // Nothing is below a field that is missing: `exists: false` there still holds.
    return matchesPattern(wanted, value ?? {});
  });
}

function matchesValue(wanted: unknown, value: unknown): boolean {
  const [[operator, operand] = [], ...more] = entriesOf(wanted) ?? [];
  if (operator === undefined) {
    // Of a list in the event one value is enough.
    return Array.isArray(value) ? value.includes(wanted) : value === wanted;
  }
  if (more.length > 0) throw new Error(`no filter: ${JSON.stringify(wanted)}`);
  switch (operator) {
    case 'exists':
      return operand === (value !== undefined);
    case 'prefix':
      return typeof value === 'string' && value.startsWith(String(operand));
    case 'anything-but':
      return value !== undefined && !(Array.isArray(operand) ? operand : [operand]).includes(value);
    default:
      throw new Error(`${operator} is not understood here`);
  }
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value)
    : undefined;
}
