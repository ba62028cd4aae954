import { isSwathError, SwathError } from '@swath/core';
import type { Row } from '@swath/ports';
import { challengeOf, hashOf, newSecret, newUserCode, readUserCode, signInVerifier } from './codes.ts';
import type { DeviceSignIn } from './config.ts';
import {
  CODES_PER_MINUTE,
  DEVICE_CODE_LIFE_S,
  ENDED_ROWS_S,
  POLL_INTERVAL_S,
  SIGN_INS_PER_CODE,
  USER_CODE_DRAWS,
  WRONG_CODES_PER_MINUTE,
} from './limits.ts';
import {
  countKey,
  type DeviceRow,
  deviceKey,
  readCount,
  readDevice,
  readUserCodeRow,
  userCodeKey,
} from './rows.ts';

type Deps = Pick<DeviceSignIn, 'table' | 'clock'>;

const nowS = ({ clock }: Deps): number => Math.floor(clock.now() / 1000);

export const isOver = (deps: Deps, { endsAt }: Pick<DeviceRow, 'endsAt'>): boolean => nowS(deps) >= endsAt;

/**
 * How often something happened in this minute, of everybody together. Counting and asking are two steps: under load a
 * few more get through, which the limits bear.
 */
function minuteCount(deps: Deps, what: 'asked' | 'wrong') {
  const minute = Math.floor(nowS(deps) / 60);
  const key = countKey(what, minute);
  return {
    /** @throws SwathError Throttled. */
    async check(limit: number): Promise<void> {
      const row = await deps.table.get(key);
      if (row === undefined || readCount(row).count < limit) return;
      throw new SwathError('Throttled', 'Too many codes were asked for or tried in this minute.', {
        fix: 'Try again in a minute.',
        retryAfterMs: 60_000,
      });
    },
    async add(): Promise<void> {
      const expiresAt = minute * 60 + ENDED_ROWS_S;
      await deps.table.transact([{ update: key, set: { expiresAt }, add: { count: 1 } }]);
    },
  };
}

export interface NewDeviceCode {
  readonly deviceCode: string;
  /** Letters alone. */
  readonly userCode: string;
}

/**
 * Codes for a device that wants to be signed in (RFC 8628, 3.1).
 * @param challenge of the device's own PKCE (S256).
 * @throws SwathError Throttled.
 */
export async function newDeviceCode(deps: Deps, challenge: string | undefined): Promise<NewDeviceCode> {
  const asked = minuteCount(deps, 'asked');
  await asked.check(CODES_PER_MINUTE);
  await asked.add();
  const deviceCode = newSecret();
  const device = hashOf(deviceCode);
  const endsAt = nowS(deps) + DEVICE_CODE_LIFE_S;
  const expiresAt = endsAt + ENDED_ROWS_S;
  for (let draw = 1; ; draw++) {
    const userCode = newUserCode();
    const userCodeHash = hashOf(userCode);
    const row: DeviceRow = {
      ...deviceKey(device),
      state: 'pending',
      userCode: userCodeHash,
      signInChallenge: challengeOf(signInVerifier(deviceCode)),
      challenge: challenge ?? null,
      askedAt: new Date(deps.clock.now()).toISOString(),
      endsAt,
      polledMs: 0,
      intervalS: POLL_INTERVAL_S,
      signInsLeft: SIGN_INS_PER_CODE,
      signInCode: null,
      expiresAt,
    };
    const codeRow: Row = { ...userCodeKey(userCodeHash), device, expiresAt };
    try {
      await deps.table.transact([
        { put: { ...row }, if: { exists: false } },
        { put: codeRow, if: { exists: false } },
      ]);
      return { deviceCode, userCode };
    } catch (error) {
      if (!isSwathError(error, 'Conflict') || draw >= USER_CODE_DRAWS) throw error;
    }
  }
}

/** A device that waits for a person. */
export interface WaitingDevice {
  /** Letters alone. */
  readonly userCode: string;
  /** Hash of the device code. */
  readonly device: string;
  readonly row: DeviceRow;
}

/**
 * The device that shows this code, while it waits.
 * @throws SwathError NotFound for codes that nobody has, or no more, without saying which; Throttled.
 */
export async function waitingDevice(deps: Deps, typed: string): Promise<WaitingDevice> {
  const wrong = minuteCount(deps, 'wrong');
  await wrong.check(WRONG_CODES_PER_MINUTE);
  const userCode = readUserCode(typed);
  const found = userCode === undefined ? undefined : await lookUp(deps, userCode);
  if (found !== undefined) return found;
  // What cannot be a code is a typing mistake, and finds nothing however often it is tried.
  if (userCode !== undefined) await wrong.add();
  throw new SwathError('NotFound', 'No device waits with this code.', {
    fix: 'Compare it with what the device shows; a code ends after a quarter of an hour, and then the device has to ask again.',
  });
}

async function lookUp(deps: Deps, userCode: string): Promise<WaitingDevice | undefined> {
  const codeRow = await deps.table.get(userCodeKey(hashOf(userCode)));
  if (codeRow === undefined) return undefined;
  const { device } = readUserCodeRow(codeRow);
  const found = await deps.table.get(deviceKey(device));
  const row = found === undefined ? undefined : readDevice(found);
  if (row === undefined || row.state !== 'pending' || isOver(deps, row)) return undefined;
  return { userCode, device, row };
}
