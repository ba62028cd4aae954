import { expect } from 'vitest';
import type { Secrets } from '../others.ts';
import { codeOf, type SuiteOptions, suite } from './support.ts';

export interface SecretsFixture {
  /** Holds `planet-api` = `s3cret=` and nothing else. */
  readonly secrets: Secrets;
  readonly close?: () => Promise<void>;
}

export function secretsConformance(
  name: string,
  makeFixture: () => Promise<SecretsFixture>,
  options: SuiteOptions = {},
): void {
  suite(`Secrets: ${name}`, makeFixture, options, ({ test }) => {
    test('gives a secret by name', async ({ secrets }) => {
      expect(await secrets.get('planet-api')).toBe('s3cret=');
    });

    test('says NotFound for any other name', async ({ secrets }) => {
      expect(await codeOf(secrets.get('other'))).toBe('NotFound');
      expect(await codeOf(secrets.get('toString'))).toBe('NotFound');
    });
  });
}
