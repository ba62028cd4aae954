import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { USER_CODE_LENGTH, USER_CODE_LETTERS } from './limits.ts';

/** 256 random bits as base64url. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** Eight letters. */
export const newUserCode = (): string =>
  Array.from({ length: USER_CODE_LENGTH }, () =>
    USER_CODE_LETTERS.charAt(randomInt(USER_CODE_LETTERS.length)),
  ).join('');

/** `WDJB-MJHT`: easier to compare and to type. */
export const shownUserCode = (letters: string): string => `${letters.slice(0, 4)}-${letters.slice(4)}`;

const plainUserCode = new RegExp(`^[${USER_CODE_LETTERS}]{${USER_CODE_LENGTH}}$`);

/** The letters of a code as a person typed it: any case, with or without dash and spaces. @returns undefined for what is none. */
export function readUserCode(typed: string): string | undefined {
  const letters = typed.replaceAll(/[-\s]/g, '').toUpperCase();
  return plainUserCode.test(letters) ? letters : undefined;
}

/** What is kept of a secret. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/**
 * PKCE verifier of the sign-in for a device: it can be made from the device code alone, of which we keep only a hash. So
 * what lies in the table, the issuer's authorization code among it, is good for no token.
 */
export const signInVerifier = (deviceCode: string): string =>
  createHmac('sha256', deviceCode).update('sign-in verifier').digest('base64url');

/** S256 of RFC 7636, 4.2. */
export const challengeOf = (verifier: string): string => hashOf(verifier);

/** Says that a form was shown to this browser for this code: nobody who does not have its cookie can make it. */
export const formMark = (browser: string, userCode: string): string =>
  createHmac('sha256', browser).update(`confirm ${userCode}`).digest('base64url');

/** In a time that tells nothing of the content. */
export function sameSecret(a: string, b: string): boolean {
  const bytes = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(bytes(a), bytes(b));
}
