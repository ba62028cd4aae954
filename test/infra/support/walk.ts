import * as z from 'zod';
import type { Resource } from './synthesise.ts';

const list = <T>(one: z.ZodType<T>) => z.union([z.array(one), one.transform((value) => [value])]);
const statement = z.looseObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: list(z.string()),
  Resource: list(z.unknown()).optional(),
  Principal: z.unknown().optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
const document = z.looseObject({ Statement: z.array(statement) });
export type Statement = z.output<typeof statement>;

/** Statements of every policy document anywhere in a resource. */
export function statementsOf(resource: Resource): Statement[] {
  const found: Statement[] = [];
  const visit = (value: unknown): void => {
    const parsed = document.safeParse(value);
    if (parsed.success) found.push(...parsed.data.Statement);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit(resource.Properties);
  return found;
}

/** Every string anywhere in a value. */
export function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsOf);
}

/** What a path of property names leads to. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (current, key) =>
      typeof current === 'object' && current !== null ? Reflect.get(current, key) : undefined,
    value,
  );
}

/** Logical id of what `Ref` or `Fn::GetAtt` names. */
export function refOf(value: unknown): string | undefined {
  const ref = at(value, 'Ref') ?? at(value, 'Fn::GetAtt', 0);
  return typeof ref === 'string' ? ref : undefined;
}

/** The members of an object; of anything else, none. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
