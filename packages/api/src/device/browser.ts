import { newSecret } from './codes.ts';
import { DEVICE_CODE_LIFE_S } from './limits.ts';

/** By https a cookie that only this host can have set, for all of its paths; plain http is one's own machine. */
const cookieName = (pagesUrl: string) =>
  pagesUrl.startsWith('https:') ? '__Host-swath-device' : 'swath-device';

const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** The secret of this browser, if it was here before. */
export function browserOf(request: Request, pagesUrl: string): string | undefined {
  const name = `${cookieName(pagesUrl)}=`;
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  const value = pairs.find((pair) => pair.startsWith(name))?.slice(name.length);
  return value !== undefined && SECRET.test(value) ? value : undefined;
}

/**
 * The secret of this browser, and the header that makes it keep it. `Lax`, because the issuer's page sends the person
 * back by a link; forms of other sites come without the cookie.
 */
export function rememberBrowser(
  request: Request,
  pagesUrl: string,
): { readonly browser: string; readonly setCookie: string } {
  const browser = browserOf(request, pagesUrl) ?? newSecret();
  const secure = pagesUrl.startsWith('https:') ? '; Secure' : '';
  return {
    browser,
    setCookie: `${cookieName(pagesUrl)}=${browser}; Path=/; Max-Age=${DEVICE_CODE_LIFE_S}; HttpOnly; SameSite=Lax${secure}`,
  };
}
