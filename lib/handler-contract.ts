import { SwathError } from '@swath/core';
import type * as z from 'zod';

/** What `contract.ts` of a Lambda says of it. */
export interface HandlerContract {
  /** Folder below `lambdas`. */
  readonly name: string;
  readonly environment: z.ZodObject;
  readonly timeoutS: number;
  readonly memoryMb: number;
}

/** Exactly the variables of the contract; those with a default may be left out. */
export type EnvironmentOf<C extends HandlerContract> = {
  readonly [Name in keyof z.input<C['environment']>]: string;
};

/**
 * The variables as Lambda takes them. The types say the same where they are known; this also holds for records that
 * were put together.
 *
 * @throws SwathError Bug naming what is missing and what the contract does not know.
 */
export function checkedEnvironment(
  contract: HandlerContract,
  variables: Readonly<Record<string, string>>,
): Record<string, string> {
  const known = new Set(Object.keys(contract.environment.shape));
  const extra = Object.keys(variables).filter((name) => !known.has(name));
  const missing = requiredNames(contract).filter((name) => variables[name] === undefined);
  if (extra.length + missing.length === 0) return { ...variables };
  throw new SwathError(
    'Bug',
    `Environment of ${contract.name}: ${[...missing.map((name) => `${name} is missing`), ...extra.map((name) => `${name} is not in its contract`)].join(', ')}.`,
  );
}

/** The variables without which the handler does not start. */
export function requiredNames(contract: HandlerContract): readonly string[] {
  const issues = contract.environment.safeParse({}).error?.issues ?? [];
  return [...new Set(issues.map((issue) => String(issue.path[0])))];
}
