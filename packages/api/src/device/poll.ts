import { isSwathError } from '@swath/core';
import { challengeOf, hashOf, sameSecret, signInVerifier } from './codes.ts';
import type { DeviceSignIn } from './config.ts';
import { isOver } from './device-codes.ts';
import { POLL_INTERVAL_MAX_S, POLL_TOLERANCE_MS } from './limits.ts';
import { oauthError } from './oauth-error.ts';
import { type DeviceRow, deviceKey, readDevice, userCodeKey } from './rows.ts';

type Deps = Pick<DeviceSignIn, 'table' | 'clock'>;

/** What the issuer makes tokens of. */
export interface SignedIn {
  readonly code: string;
  readonly verifier: string;
}

/**
 * A device asks whether its person has signed in (RFC 8628, 3.4). What it gets is given once: the rows are gone before
 * it is used, so that of two devices with one code one goes away empty.
 *
 * @param verifier of the device's own PKCE, where it began with a challenge.
 * @throws SwathError with the `reason` that RFC 8628, 3.5 has: authorization_pending, slow_down, access_denied, expired_token;
 *   invalid_grant for codes that nobody has, that were used, or that are asked for without their verifier.
 */
export async function takeSignIn(
  deps: Deps,
  { deviceCode, verifier }: { readonly deviceCode: string; readonly verifier: string | undefined },
): Promise<SignedIn> {
  const key = deviceKey(hashOf(deviceCode));
  const found = await deps.table.get(key);
  if (found === undefined) throw unknown();
  const row = readDevice(found);
  checkVerifier(row, verifier);
  if (isOver(deps, row)) throw oauthError('expired_token', 'The code has ended: ask for another.');
  if (row.state === 'denied') throw oauthError('access_denied', 'The person refused.');
  await keepPace(deps, row);
  if (row.state !== 'signedIn' || row.signInCode === null) {
    throw oauthError('authorization_pending', 'The person has not signed in yet.');
  }
  try {
    await deps.table.transact([
      { delete: key, if: { equals: { state: 'signedIn' } } },
      { delete: userCodeKey(row.userCode) },
    ]);
  } catch (error) {
    throw isSwathError(error, 'Conflict') ? unknown() : error;
  }
  return { code: row.signInCode, verifier: signInVerifier(deviceCode) };
}

const unknown = () => oauthError('invalid_grant', 'The code is not known, or was used before.');

/** RFC 7636, 4.6. A verifier without a challenge is refused too: somebody took the challenge out. */
function checkVerifier({ challenge }: DeviceRow, verifier: string | undefined): void {
  const holds =
    challenge === null
      ? verifier === undefined
      : verifier !== undefined && sameSecret(challengeOf(verifier), challenge);
  if (!holds) throw oauthError('invalid_grant', 'The code_verifier does not belong to the code.');
}

/** Notes the question. @throws SwathError `slow_down` when it came too early: from then on 5 s more are asked for. */
async function keepPace(deps: Deps, row: DeviceRow): Promise<void> {
  const nowMs = deps.clock.now();
  const early = nowMs - row.polledMs < row.intervalS * 1000 - POLL_TOLERANCE_MS;
  const intervalS = early ? Math.min(row.intervalS + 5, POLL_INTERVAL_MAX_S) : row.intervalS;
  const { pk, sk, state, polledMs } = row;
  try {
    await deps.table.transact([
      { update: { pk, sk }, set: { polledMs: nowMs, intervalS }, if: { equals: { state, polledMs } } },
    ]);
  } catch (error) {
    if (!isSwathError(error, 'Conflict')) throw error;
    // Another question, or the person, was faster: the next one sees it.
    throw oauthError('authorization_pending', 'Ask again.');
  }
  if (early) throw oauthError('slow_down', `Ask every ${intervalS} seconds.`);
}
