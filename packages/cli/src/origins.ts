import { SwathError } from '@swath/core';
import type { Env } from './terminal.ts';

/**
 * Web origins whose pages may call a server of this machine, by SWATH_ORIGINS: `https://editor.openeo.org`, several with
 * commas between. Every page is no choice: it could read and order whatever its visitor may.
 *
 * @throws SwathError InvalidInput.
 */
export function originsOf(env: Env): readonly string[] {
  const wish = env['SWATH_ORIGINS'] ?? '';
  const origins = wish
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
  for (const origin of origins) {
    if (URL.canParse(origin) && /^https?:/.test(origin) && new URL(origin).origin === origin) continue;
    throw new SwathError(
      'InvalidInput',
      `SWATH_ORIGINS names "${origin}", which is no origin of web pages.`,
      {
        fix: 'Use scheme, host and port only, with commas between: https://editor.openeo.org',
      },
    );
  }
  return origins;
}
