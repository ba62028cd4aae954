import { isSwathError, SwathError } from '@swath/core';
import { hashOf, newSecret, sameSecret } from './codes.ts';
import type { DeviceSignIn } from './config.ts';
import { isOver, type WaitingDevice } from './device-codes.ts';
import { deviceKey, readDevice, readSignIn, signInKey } from './rows.ts';

type Deps = Pick<DeviceSignIn, 'table' | 'clock'>;

/**
 * Sets out to sign a person in for a device that he confirmed.
 * @param browser secret of his browser: nobody else can end this sign-in.
 * @returns `state` for the issuer, good once.
 * @throws SwathError LimitExceeded when this code was set out with too often.
 */
export async function beginSignIn(
  deps: Deps,
  { device, row }: WaitingDevice,
  browser: string,
): Promise<{ readonly state: string; readonly challenge: string }> {
  const state = newSecret();
  const { expiresAt } = row;
  try {
    await deps.table.transact([
      {
        update: deviceKey(device),
        add: { signInsLeft: -1 },
        if: { equals: { state: 'pending' }, atLeast: { signInsLeft: 1 } },
      },
      {
        put: { ...signInKey(hashOf(state)), device, browser: hashOf(browser), expiresAt },
        if: { exists: false },
      },
    ]);
  } catch (cause) {
    if (!isSwathError(cause, 'Conflict')) throw cause;
    throw new SwathError('LimitExceeded', 'This code was tried too often, or has just been used.', {
      fix: 'Let the device ask for another.',
      cause,
    });
  }
  return { state, challenge: row.signInChallenge };
}

/** The person says no: the device is told `access_denied`. @throws SwathError Conflict when it no longer waits. */
export async function denyDevice(deps: Deps, { device }: WaitingDevice): Promise<void> {
  try {
    await deps.table.transact([
      { update: deviceKey(device), set: { state: 'denied' }, if: { equals: { state: 'pending' } } },
    ]);
  } catch (cause) {
    throw isSwathError(cause, 'Conflict') ? over(cause) : cause;
  }
}

export interface SignInAnswer {
  readonly state: string;
  readonly browser: string;
  /** The issuer's authorization code; undefined when the person refused there. */
  readonly code: string | undefined;
}

/**
 * The issuer has sent the person back. The code is kept as it is: only the device can make tokens of it.
 * @throws SwathError Conflict when this is not the browser that set out, or it came back before, or the code has ended;
 *   never says which.
 */
export async function finishSignIn(deps: Deps, { state, browser, code }: SignInAnswer): Promise<void> {
  const key = signInKey(hashOf(state));
  const found = await deps.table.get(key);
  const signIn = found === undefined ? undefined : readSignIn(found);
  if (signIn === undefined || !sameSecret(signIn.browser, hashOf(browser))) throw over();
  const device = await deps.table.get(deviceKey(signIn.device));
  if (device === undefined || isOver(deps, readDevice(device))) throw over();
  try {
    await deps.table.transact([
      { delete: key, if: { exists: true } },
      {
        update: deviceKey(signIn.device),
        set: code === undefined ? { state: 'denied' } : { state: 'signedIn', signInCode: code },
        if: { equals: { state: 'pending' } },
      },
    ]);
  } catch (cause) {
    throw isSwathError(cause, 'Conflict') ? over(cause) : cause;
  }
}

const over = (cause?: unknown): SwathError =>
  new SwathError('Conflict', 'This sign-in is over, or began in another browser.', {
    fix: 'Type the code of the device again; if it has ended, let the device ask for another.',
    cause,
  });
