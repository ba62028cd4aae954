import type { ErrorCode } from '@swath/core';
import * as z from 'zod';

/** A value as it travels: what a schema describes, with nothing in it to be changed. */
export type Wire<T> = T extends readonly unknown[]
  ? { readonly [K in keyof T]: Wire<T[K]> }
  : T extends object
    ? { readonly [K in keyof T]: Wire<T[K]> }
    : T;

/** What a handler gives for a schema. */
export type Sent<S extends z.ZodType> = Wire<z.input<S>>;
/** What a client gets from it. */
export type Received<S extends z.ZodType> = Wire<z.output<S>>;

export const link = z
  .object({
    rel: z.string(),
    href: z.string().describe('Absolute URL.'),
    type: z.string().optional(),
    title: z.string().optional(),
  })
  .meta({ id: 'Link' });

/** Codes of core's errors, and those only HTTP has. */
export const problemCodes = [
  'InvalidInput',
  'NotFound',
  'LimitExceeded',
  'Unsupported',
  'Throttled',
  'Unavailable',
  'Corrupt',
  'Conflict',
  'Cancelled',
  'Bug',
  'Unauthenticated',
  'Forbidden',
  'MethodNotAllowed',
  'RangeNotSatisfiable',
] as const satisfies readonly (ErrorCode | HttpOnlyCode)[];

export type HttpOnlyCode = 'Unauthenticated' | 'Forbidden' | 'MethodNotAllowed' | 'RangeNotSatisfiable';
export type ProblemCode = (typeof problemCodes)[number];

/** RFC 9457 problem details. */
export const problem = z
  .object({
    type: z.string().describe('URL of a page about this kind of problem.'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(problemCodes).describe('What to do next is decided by this word.'),
    pointer: z
      .string()
      .optional()
      .describe('RFC 6901 JSON pointer to the offending field of the body, or parameter of the query.'),
    fix: z.string().optional().describe('What to do about it.'),
    instance: z.string().describe('Path of the request.'),
    requestId: z.string().describe('Also in X-Request-Id; name it when you report the problem.'),
  })
  .meta({ id: 'Problem' });

export type Problem = Received<typeof problem>;

/** An error of the routes that only openEO has: its members, with those of problem details beside them. */
export const openeoError = problem
  .extend({
    code: z.string().describe("openEO's word for it, such as JobNotFound; without one, that of Problem."),
    id: z.string().describe('The same as `requestId`.'),
    message: z.string().describe('`detail` and `fix` in one text.'),
    links: z.array(link),
  })
  .meta({ id: 'OpeneoError' });

/** RFC 6749, 5.2. */
export const oauthError = z
  .object({ error: z.string(), error_description: z.string() })
  .meta({ id: 'OauthError' });
