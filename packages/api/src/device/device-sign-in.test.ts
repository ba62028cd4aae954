import { SwathError } from '@swath/core';
import { fixedClock, memoryTable } from '@swath/ports/memory/index';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  challengeOf,
  hashOf,
  newSecret,
  newUserCode,
  readUserCode,
  shownUserCode,
  signInVerifier,
} from './codes.ts';
import { newDeviceCode, waitingDevice } from './device-codes.ts';
import {
  CODES_PER_MINUTE,
  DEVICE_CODE_LIFE_S,
  POLL_INTERVAL_MAX_S,
  POLL_INTERVAL_S,
  SIGN_INS_PER_CODE,
  USER_CODE_LETTERS,
  WRONG_CODES_PER_MINUTE,
} from './limits.ts';
import { takeSignIn } from './poll.ts';
import { beginSignIn, denyDevice, finishSignIn } from './sign-in.ts';

const startMs = Date.UTC(2026, 0, 1);
const browser = newSecret();

function setUp() {
  const clock = fixedClock(startMs);
  const table = memoryTable();
  return { clock, table };
}
type World = ReturnType<typeof setUp>;

const poll = (world: World, deviceCode: string, verifier?: string) =>
  takeSignIn(world, { deviceCode, verifier });

/** What an OAuth client is told. */
async function refusal(answer: Promise<unknown>): Promise<string | undefined> {
  return answer.then(
    () => 'taken',
    (error: unknown) => (error instanceof SwathError ? (error.reason ?? error.code) : String(error)),
  );
}

const wait = (world: World) => world.clock.advance(POLL_INTERVAL_S * 1000);

async function approve(world: World, userCode: string, code = 'issued'): Promise<void> {
  const { state } = await beginSignIn(world, await waitingDevice(world, userCode), browser);
  await finishSignIn(world, { state, browser, code });
}

describe('codes for people', () => {
  it('are eight consonants with a dash, and are read in any case, with or without it', () => {
    for (let i = 0; i < 200; i++) {
      const letters = newUserCode();
      const code = shownUserCode(letters);
      expect(code).toMatch(new RegExp(`^[${USER_CODE_LETTERS}]{4}-[${USER_CODE_LETTERS}]{4}$`));
      for (const typed of [code, letters, code.toLowerCase(), ` ${letters.slice(0, 4)} ${letters.slice(4)} `])
        expect(readUserCode(typed)).toBe(letters);
    }
  });

  it('are nothing else, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        const read = readUserCode(typed);
        expect(read === undefined || /^[BCDFGHJKLMNPQRSTVWXZ]{8}$/.test(read)).toBe(true);
      }),
    );
    for (const wrong of ['', 'AAAA-AAAA', 'BCDF-GHJ', 'BCDF-GHJKL', 'BCDF_GHJK']) {
      expect(readUserCode(wrong)).toBeUndefined();
    }
  });
});

describe('a device code', () => {
  it('waits, is signed in, and is good for one fetch, which says what the issuer makes tokens of', async () => {
    const world = setUp();
    const { deviceCode, userCode } = await newDeviceCode(world, undefined);
    expect(await refusal(poll(world, deviceCode))).toBe('authorization_pending');
    const waiting = await waitingDevice(world, userCode.toLowerCase());
    const { state, challenge } = await beginSignIn(world, waiting, browser);
    await finishSignIn(world, { state, browser, code: 'issued' });
    wait(world);
    const { code, verifier } = await poll(world, deviceCode);
    expect(code).toBe('issued');
    expect(challengeOf(verifier)).toBe(challenge);
    wait(world);
    expect(await refusal(poll(world, deviceCode))).toBe('invalid_grant');
    await expect(waitingDevice(world, userCode)).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('is not in the table, nor the code its person types, nor what tokens are made of', async () => {
    const world = setUp();
    const { deviceCode, userCode } = await newDeviceCode(world, undefined);
    await approve(world, userCode);
    const rows = JSON.stringify([
      await world.table.get({ pk: `DEVICE#${hashOf(deviceCode)}`, sk: 'HEAD' }),
      await world.table.get({ pk: `DEVICECODE#${hashOf(userCode)}`, sk: 'HEAD' }),
    ]);
    expect(rows).toContain('issued');
    for (const secret of [deviceCode, userCode, signInVerifier(deviceCode), browser]) {
      expect(rows).not.toContain(secret);
    }
  });

  it('goes to one of two that ask at once', async () => {
    const world = setUp();
    const { deviceCode, userCode } = await newDeviceCode(world, undefined);
    await approve(world, userCode);
    const answers = await Promise.all([1, 2, 3].map(() => refusal(poll(world, deviceCode))));
    expect(answers.filter((answer) => answer === 'taken')).toHaveLength(1);
  });

  it('needs the verifier of the challenge it began with, and takes none where there was no challenge', async () => {
    const world = setUp();
    const verifier = newSecret();
    const bound = await newDeviceCode(world, challengeOf(verifier));
    for (const wrong of [undefined, newSecret()]) {
      expect(await refusal(poll(world, bound.deviceCode, wrong))).toBe('invalid_grant');
    }
    await approve(world, bound.userCode);
    expect(await refusal(poll(world, bound.deviceCode, newSecret()))).toBe('invalid_grant');
    expect(await refusal(poll(world, bound.deviceCode, verifier))).toBe('taken');
    const free = await newDeviceCode(world, undefined);
    expect(await refusal(poll(world, free.deviceCode, verifier))).toBe('invalid_grant');
  });

  it('slows down who asks too fast, by 5 s each time and not for ever', async () => {
    const world = setUp();
    const { deviceCode } = await newDeviceCode(world, undefined);
    expect(await refusal(poll(world, deviceCode))).toBe('authorization_pending');
    for (let i = 0; i < 20; i++) expect(await refusal(poll(world, deviceCode))).toBe('slow_down');
    world.clock.advance((POLL_INTERVAL_MAX_S - 2) * 1000);
    expect(await refusal(poll(world, deviceCode))).toBe('slow_down');
    world.clock.advance(POLL_INTERVAL_MAX_S * 1000);
    expect(await refusal(poll(world, deviceCode))).toBe('authorization_pending');
  });

  it('ends, for the device and for the person, also in the middle of a sign-in', async () => {
    const world = setUp();
    const { deviceCode, userCode } = await newDeviceCode(world, undefined);
    const { state } = await beginSignIn(world, await waitingDevice(world, userCode), browser);
    world.clock.advance(DEVICE_CODE_LIFE_S * 1000);
    expect(await refusal(poll(world, deviceCode))).toBe('expired_token');
    await expect(waitingDevice(world, userCode)).rejects.toMatchObject({ code: 'NotFound' });
    await expect(finishSignIn(world, { state, browser, code: 'late' })).rejects.toMatchObject({
      code: 'Conflict',
    });
  });

  it('is refused for good when the person refuses, here or at the issuer', async () => {
    const world = setUp();
    const here = await newDeviceCode(world, undefined);
    const waiting = await waitingDevice(world, here.userCode);
    const { state } = await beginSignIn(world, waiting, browser);
    await denyDevice(world, waiting);
    await expect(waitingDevice(world, here.userCode)).rejects.toMatchObject({ code: 'NotFound' });
    await expect(finishSignIn(world, { state, browser, code: 'c' })).rejects.toMatchObject({
      code: 'Conflict',
    });
    expect(await refusal(poll(world, here.deviceCode))).toBe('access_denied');
    const there = await newDeviceCode(world, undefined);
    const begun = await beginSignIn(world, await waitingDevice(world, there.userCode), browser);
    await finishSignIn(world, { state: begun.state, browser, code: undefined });
    expect(await refusal(poll(world, there.deviceCode))).toBe('access_denied');
  });
});

describe('a sign-in', () => {
  it('ends in the browser in which it began, and once', async () => {
    const world = setUp();
    const { deviceCode, userCode } = await newDeviceCode(world, undefined);
    const { state } = await beginSignIn(world, await waitingDevice(world, userCode), browser);
    for (const wrong of [
      { state, browser: newSecret() },
      { state, browser: '' },
      { state: newSecret(), browser },
    ]) {
      await expect(finishSignIn(world, { ...wrong, code: 'c' })).rejects.toMatchObject({ code: 'Conflict' });
    }
    await finishSignIn(world, { state, browser, code: 'first' });
    await expect(finishSignIn(world, { state, browser, code: 'second' })).rejects.toMatchObject({
      code: 'Conflict',
    });
    expect(await poll(world, deviceCode)).toMatchObject({ code: 'first' });
  });

  it('is set out for so often for one code, and no more', async () => {
    const world = setUp();
    const { userCode } = await newDeviceCode(world, undefined);
    const waiting = await waitingDevice(world, userCode);
    for (let i = 0; i < SIGN_INS_PER_CODE; i++) await beginSignIn(world, waiting, browser);
    await expect(beginSignIn(world, waiting, browser)).rejects.toMatchObject({ code: 'LimitExceeded' });
  });
});

describe('the brakes', () => {
  it('bound how many codes are made in a minute', async () => {
    const world = setUp();
    for (let i = 0; i < CODES_PER_MINUTE; i++) await newDeviceCode(world, undefined);
    await expect(newDeviceCode(world, undefined)).rejects.toMatchObject({ code: 'Throttled' });
    world.clock.advance(60_000);
    await newDeviceCode(world, undefined);
  });

  it('bound how many wrong codes are tried in a minute, and stop right ones too', async () => {
    const world = setUp();
    const { userCode } = await newDeviceCode(world, undefined);
    for (let i = 0; i < WRONG_CODES_PER_MINUTE; i++) {
      await expect(waitingDevice(world, newUserCode())).rejects.toMatchObject({ code: 'NotFound' });
    }
    await expect(waitingDevice(world, userCode)).rejects.toMatchObject({ code: 'Throttled' });
    world.clock.advance(60_000);
    await waitingDevice(world, userCode);
  });
});

type Step = 'poll' | 'begin' | 'finish' | 'repeat' | 'deny' | 'wait' | 'long wait';
const steps = fc.array(
  fc.constantFrom<Step>('poll', 'begin', 'finish', 'repeat', 'deny', 'wait', 'wait', 'long wait'),
  { maxLength: 30 },
);

describe('in any order of questions, sign-ins, refusals and pauses', () => {
  it('a code is fetched at most once, only after a sign-in ended, and never after a refusal', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (order) => {
        const world = setUp();
        const { deviceCode, userCode } = await newDeviceCode(world, undefined);
        const begun: string[] = [];
        let issued: string | undefined;
        let refused = false;
        let taken = 0;
        const signInAgain = async (state: string | undefined, code: string) => {
          if (state === undefined) return;
          if ((await refusal(finishSignIn(world, { state, browser, code }))) === 'taken') {
            expect(issued ?? refused).toBe(false);
            issued = code;
          }
        };
        for (const [at, step] of order.entries()) {
          if (step === 'wait') wait(world);
          if (step === 'long wait') world.clock.advance((DEVICE_CODE_LIFE_S * 1000) / 3);
          if (step === 'begin') {
            const set = await waitingDevice(world, userCode)
              .then((waiting) => beginSignIn(world, waiting, browser))
              .catch(() => undefined);
            if (set !== undefined) begun.push(set.state);
          }
          if (step === 'finish') await signInAgain(begun.at(-1), `issued ${at}`);
          if (step === 'repeat') await signInAgain(begun[0], `repeated ${at}`);
          if (step === 'deny') {
            const answer = waitingDevice(world, userCode).then((waiting) => denyDevice(world, waiting));
            if ((await refusal(answer)) === 'taken') refused = true;
          }
          if (step === 'poll') {
            const answer = await poll(world, deviceCode).catch((error: unknown) => error);
            if (answer instanceof Error) continue;
            expect(answer).toMatchObject({ code: issued });
            expect(refused).toBe(false);
            taken += 1;
          }
        }
        expect(taken).toBeLessThanOrEqual(issued === undefined ? 0 : 1);
      }),
      { numRuns: 200 },
    );
  });
});
