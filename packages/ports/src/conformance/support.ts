import { type ErrorCode, isSwathError } from '@swath/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Titles of tests an emulator is known to fail, each with what was seen. Never used for an adapter of ours. */
export type Deviations = Readonly<Record<string, string>>;

export interface SuiteOptions {
  readonly deviations?: Deviations;
  /** @default 20 000; servers of others are slow to start. */
  readonly timeoutMs?: number;
}

export interface Suite<Fixture> {
  test(title: string, body: (fixture: Fixture) => Promise<void>): void;
}

/** Registers a describe block around one fixture, made before its first test and closed after its last. */
export function suite<Fixture extends { readonly close?: () => Promise<void> }>(
  name: string,
  make: () => Promise<Fixture>,
  options: SuiteOptions,
  register: (suite: Suite<Fixture>) => void,
): void {
  const deviations = options.deviations ?? {};
  const timeout = options.timeoutMs ?? 20_000;
  describe(name, () => {
    let fixture: Fixture | undefined;
    beforeAll(async () => {
      fixture = await make();
    }, timeout);
    afterAll(async () => {
      await fixture?.close?.();
    }, timeout);
    const titles = new Set<string>();
    register({
      test(title, body) {
        titles.add(title);
        const run = async () => {
          if (fixture === undefined) throw new Error('the fixture was not made');
          await body(fixture);
        };
        if (title in deviations) {
          it.skip(`${title} (skipped: ${deviations[title]})`, run);
        } else {
          it(title, run, timeout);
        }
      },
    });
    if (Object.keys(deviations).length > 0) {
      it('has a test for every deviation that is named', () => {
        expect(Object.keys(deviations).filter((title) => !titles.has(title))).toEqual([]);
      });
    }
  });
}

/** The code of the SwathError a promise rejects with; fails when it resolves or rejects with anything else. */
export async function codeOf(promise: Promise<unknown>): Promise<ErrorCode> {
  return (await errorOf(promise)).code;
}

export async function errorOf(promise: Promise<unknown>) {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in outcome)) throw new Error(`resolved with ${JSON.stringify(outcome.value)}`);
  if (!isSwathError(outcome.error)) {
    throw new Error('rejected with something that is no SwathError', { cause: outcome.error });
  }
  return outcome.error;
}

let names = 0;

/** A name no other test uses, also in a server shared by several runs. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${process.pid}-${Date.now().toString(36)}-${++names}`;
}

export const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
export const bytes = (value: string): Uint8Array => new Uint8Array(Buffer.from(value));
