import { SwathError } from '@swath/core';
import type { Secrets } from '../others.ts';

export function memorySecrets(values: Readonly<Record<string, string>>): Secrets {
  return {
    async get(name) {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value === undefined) throw new SwathError('NotFound', `There is no secret "${name}".`);
      return value;
    },
  };
}

/**
 * Secret `planet-api` is the variable SWATH_SECRET_PLANET_API: upper case, everything but letters and digits is `_`.
 * @param environment usually process.env, read at each call so that a test or a parent can change it.
 */
export function envSecrets(environment: Readonly<Record<string, string | undefined>>): Secrets {
  return {
    async get(name) {
      const variable = `SWATH_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
      const value = environment[variable];
      if (value === undefined || value === '') {
        throw new SwathError('NotFound', `There is no secret "${name}".`, {
          fix: `Set the environment variable ${variable}.`,
        });
      }
      return value;
    },
  };
}
