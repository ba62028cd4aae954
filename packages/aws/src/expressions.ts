import { type AttributeValue, type Condition, indexKeys, type PlannedQuery, type Write } from '@swath/ports';

/** Names and values of one DynamoDB expression: everything goes by placeholder, so that no name is a reserved word. */
class Placeholders {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, AttributeValue> = {};
  readonly #byName = new Map<string, string>();

  name(attribute: string): string {
    let placeholder = this.#byName.get(attribute);
    if (placeholder === undefined) {
      placeholder = `#n${this.#byName.size}`;
      this.#byName.set(attribute, placeholder);
      this.names[placeholder] = attribute;
    }
    return placeholder;
  }

  value(value: AttributeValue): string {
    const placeholder = `:v${Object.keys(this.values).length}`;
    this.values[placeholder] = value;
    return placeholder;
  }

  /** DynamoDB refuses empty maps. */
  used() {
    return {
      ...(Object.keys(this.names).length === 0 ? {} : { ExpressionAttributeNames: this.names }),
      ...(Object.keys(this.values).length === 0 ? {} : { ExpressionAttributeValues: this.values }),
    };
  }
}

/** One element of TransactItems. */
export function transactItem(tableName: string, write: Write) {
  const placeholders = new Placeholders();
  const condition = write.if === undefined ? '' : conditionExpression(write.if, placeholders);
  const conditional = condition === '' ? {} : { ConditionExpression: condition };
  if ('put' in write) {
    return { Put: { TableName: tableName, Item: { ...write.put }, ...conditional, ...placeholders.used() } };
  }
  if ('delete' in write) {
    const Key = { pk: write.delete.pk, sk: write.delete.sk };
    return { Delete: { TableName: tableName, Key, ...conditional, ...placeholders.used() } };
  }
  if ('check' in write) {
    const Key = { pk: write.check.pk, sk: write.check.sk };
    return {
      ConditionCheck: { TableName: tableName, Key, ConditionExpression: condition, ...placeholders.used() },
    };
  }
  const update = updateExpression(write, placeholders);
  return {
    Update: {
      TableName: tableName,
      Key: { pk: write.update.pk, sk: write.update.sk },
      // Required in a transaction: a change of nothing is written as the removal of an attribute no row has.
      UpdateExpression: update === '' ? `REMOVE ${placeholders.name('swath:nothing')}` : update,
      ...conditional,
      ...placeholders.used(),
    },
  };
}

function updateExpression(
  write: Extract<Write, { readonly update: unknown }>,
  placeholders: Placeholders,
): string {
  const clause = (word: string, parts: readonly string[]) =>
    parts.length === 0 ? [] : [`${word} ${parts.join(', ')}`];
  const pairs = (values: Readonly<Record<string, AttributeValue>>, between: string) =>
    Object.entries(values).map(
      ([name, value]) => `${placeholders.name(name)}${between}${placeholders.value(value)}`,
    );
  return [
    ...clause('SET', pairs(write.set ?? {}, ' = ')),
    ...clause('ADD', pairs(write.add ?? {}, ' ')),
    ...clause(
      'REMOVE',
      (write.remove ?? []).map((name) => placeholders.name(name)),
    ),
  ].join(' ');
}

function conditionExpression(condition: Condition, placeholders: Placeholders): string {
  const { name, value } = {
    name: (attribute: string) => placeholders.name(attribute),
    value: (operand: AttributeValue) => placeholders.value(operand),
  };
  const tests: string[] = [];
  if (condition.exists !== undefined) {
    tests.push(`${condition.exists ? 'attribute_exists' : 'attribute_not_exists'}(${name('pk')})`);
  }
  for (const [attribute, expected] of Object.entries(condition.equals ?? {})) {
    tests.push(`${name(attribute)} = ${value(expected)}`);
  }
  for (const [attribute, expected] of Object.entries(condition.oneOf ?? {})) {
    tests.push(`${name(attribute)} IN (${expected.map(value).join(', ')})`);
  }
  for (const [attribute, least] of Object.entries(condition.atLeast ?? {})) {
    tests.push(`${name(attribute)} >= ${value(least)}`);
  }
  for (const attribute of condition.missing ?? []) tests.push(`attribute_not_exists(${name(attribute)})`);
  return tests.join(' AND ');
}

/** Key condition of a query; undefined when the bounds leave nothing (DynamoDB refuses such bounds). */
export function keyCondition(plan: PlannedQuery) {
  const { partition, sort } = indexKeys[plan.index];
  const placeholders = new Placeholders();
  const tests = [`${placeholders.name(partition)} = ${placeholders.value(plan.partition)}`];
  const at = () => placeholders.name(sort);
  if (plan.prefix !== undefined) tests.push(`begins_with(${at()}, ${placeholders.value(plan.prefix)})`);
  else if (plan.from !== undefined && plan.to !== undefined) {
    tests.push(`${at()} BETWEEN ${placeholders.value(plan.from)} AND ${placeholders.value(plan.to)}`);
  } else if (plan.from !== undefined) tests.push(`${at()} >= ${placeholders.value(plan.from)}`);
  else if (plan.to !== undefined) tests.push(`${at()} <= ${placeholders.value(plan.to)}`);
  return { KeyConditionExpression: tests.join(' AND '), ...placeholders.used() };
}

/** Key to start after, as DynamoDB writes it: the key of the index and the key of the table. */
export function exclusiveStartKey(plan: PlannedQuery): Record<string, string> | undefined {
  if (plan.after === undefined) return undefined;
  const { partition, sort } = indexKeys[plan.index];
  return { pk: plan.after.pk, sk: plan.after.sk, [partition]: plan.partition, [sort]: plan.after.sort };
}
