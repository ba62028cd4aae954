import { SwathError } from '@swath/core';
import type { Row, RowKey } from '@swath/ports';
import * as z from 'zod';

/** From `pending` a sign-in leads on, once; a code that was fetched has no row any more. */
const states = ['pending', 'signedIn', 'denied'] as const;

const deviceRow = z.object({
  pk: z.string(),
  sk: z.string(),
  state: z.enum(states),
  /** Hash of the code that the person types. */
  userCode: z.string(),
  /** PKCE challenge of the person's sign-in. */
  signInChallenge: z.string(),
  /** PKCE challenge of the device; null where it sent none. */
  challenge: z.string().nullable(),
  askedAt: z.string(),
  /** Unix seconds. */
  endsAt: z.int(),
  /** Unix milliseconds of the last question; 0 before the first. */
  polledMs: z.int(),
  intervalS: z.int(),
  signInsLeft: z.int(),
  /** Of the issuer, once the person has signed in; of no use without the device code. */
  signInCode: z.string().nullable(),
  expiresAt: z.int(),
});
export type DeviceRow = z.output<typeof deviceRow>;

const userCodeRow = z.looseObject({ device: z.string() });
const signInRow = z.looseObject({ device: z.string(), browser: z.string() });

const head = (pk: string): RowKey => ({ pk, sk: 'HEAD' });

/** Keys are made of hashes: whoever reads the table can neither poll nor confirm. */
export const deviceKey = (deviceHash: string): RowKey => head(`DEVICE#${deviceHash}`);
export const userCodeKey = (userCodeHash: string): RowKey => head(`DEVICECODE#${userCodeHash}`);
/** One sign-in under way: its `state` is good once, in the browser that set out. */
export const signInKey = (stateHash: string): RowKey => head(`DEVICESIGNIN#${stateHash}`);
export const countKey = (what: 'asked' | 'wrong', minute: number): RowKey =>
  head(`DEVICECOUNT#${what}#${minute}`);

function reader<T>(schema: z.ZodType<T>): (row: Row) => T {
  return (row) => {
    const parsed = schema.safeParse(row);
    if (parsed.success) return parsed.data;
    throw new SwathError('Corrupt', 'A row of device sign-in is none.');
  };
}

export const readDevice = reader(deviceRow);
export const readUserCodeRow = reader(userCodeRow);
export const readSignIn = reader(signInRow);
export const readCount = reader(z.looseObject({ count: z.int() }));
