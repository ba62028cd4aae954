import { isSwathError, type SwathError } from '@swath/core';
import { statusOf } from '../problem.ts';
import type { Call } from '../route.ts';
import { browserOf, rememberBrowser } from './browser.ts';
import { formMark, readUserCode, sameSecret, shownUserCode } from './codes.ts';
import type { DeviceSignIn } from './config.ts';
import { waitingDevice } from './device-codes.ts';
import { pagesUrlOf } from './for-devices.ts';
import { needed, readForm } from './form.ts';
import { FIELD_LIMIT } from './limits.ts';
import { askCodePage, confirmPage, endPage } from './pages.ts';
import { beginSignIn, denyDevice, finishSignIn } from './sign-in.ts';
import { callbackUrl } from './token.ts';

/** Statuses of what a person can do something about; everything else is a problem document and in the log. */
const told = new Set(['InvalidInput', 'NotFound', 'LimitExceeded', 'Conflict', 'Throttled']);

const isTold = (error: unknown): error is SwathError => isSwathError(error) && told.has(error.code);

const inWords = ({ message, fix }: SwathError): string => (fix === undefined ? message : `${message} ${fix}`);

const sendTo = (url: string): Response =>
  new Response(null, { status: 303, headers: { Location: url, 'Cache-Control': 'no-store' } });

const devicePage = (pagesUrl: string, typed?: string): string => {
  const letters = typed === undefined ? undefined : readUserCode(typed);
  return `${pagesUrl}/device${letters === undefined ? '' : `?user_code=${shownUserCode(letters)}`}`;
};

/** The page that `verification_uri` names; with a code it is the question whether to go on. */
export async function showDevicePage(
  deps: DeviceSignIn,
  call: Call,
  typed: string | undefined,
): Promise<Response> {
  const pagesUrl = pagesUrlOf(deps, call);
  // The issuer sends people back to one host, which has to have set the cookie.
  if (pagesUrl !== call.baseUrl) return sendTo(devicePage(pagesUrl, typed));
  if (typed === undefined) return askCodePage(pagesUrl);
  try {
    const { userCode, row } = await waitingDevice(deps, typed);
    const { browser, setCookie } = rememberBrowser(call.request, pagesUrl);
    return confirmPage({
      baseUrl: pagesUrl,
      userCode,
      askedAt: row.askedAt,
      mark: formMark(browser, userCode),
      setCookie,
      signInOrigin: new URL(deps.config.authorizationEndpoint).origin,
    });
  } catch (error) {
    if (!isTold(error)) throw error;
    return askCodePage(pagesUrl, { status: statusOf[error.code], text: inWords(error) });
  }
}

/** The answer to the question. Without the mark of a form that this browser was shown, the question comes again. */
export async function answerDevicePage(deps: DeviceSignIn, call: Call): Promise<Response> {
  const pagesUrl = pagesUrlOf(deps, call);
  try {
    const form = await readForm(call.request);
    const typed = needed(form, 'user_code');
    const browser = browserOf(call.request, pagesUrl);
    const mark = form.get('mark') ?? '';
    const letters = readUserCode(typed) ?? '';
    if (browser === undefined || !sameSecret(mark, formMark(browser, letters))) {
      return sendTo(devicePage(pagesUrl, typed));
    }
    const waiting = await waitingDevice(deps, letters);
    if (form.get('answer') !== 'allow') {
      await denyDevice(deps, waiting);
      return endPage(pagesUrl, { title: 'Refused', text: 'The device was told so. Nothing was allowed.' });
    }
    const { state, challenge } = await beginSignIn(deps, waiting, browser);
    return sendTo(signInUrl(deps, pagesUrl, { state, challenge }));
  } catch (error) {
    if (!isTold(error)) throw error;
    return askCodePage(pagesUrl, { status: statusOf[error.code], text: inWords(error) });
  }
}

function signInUrl(
  { config }: DeviceSignIn,
  pagesUrl: string,
  { state, challenge }: { readonly state: string; readonly challenge: string },
): string {
  const url = new URL(config.authorizationEndpoint);
  const parameters = {
    response_type: 'code',
    client_id: config.client,
    redirect_uri: callbackUrl(pagesUrl),
    scope: config.scopes.join(' '),
    state,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** What the issuer says when it sends the person back (RFC 6749, 4.1.2). */
export interface Return {
  readonly state?: string | undefined;
  readonly code?: string | undefined;
  readonly error?: string | undefined;
}

export async function endSignIn(deps: DeviceSignIn, call: Call, back: Return): Promise<Response> {
  const pagesUrl = pagesUrlOf(deps, call);
  const browser = browserOf(call.request, pagesUrl) ?? '';
  const { state = '', code, error } = back;
  const refused = error === 'access_denied';
  if (!refused && (code === undefined || code.length > FIELD_LIMIT)) {
    return endPage(pagesUrl, {
      title: 'Not signed in',
      text: 'The sign-in page did not let you in. The device still waits: type its code again.',
      status: 400,
    });
  }
  try {
    await finishSignIn(deps, { state, browser, code: refused ? undefined : code });
  } catch (error_) {
    if (!isTold(error_)) throw error_;
    return endPage(pagesUrl, {
      title: 'Not signed in',
      text: inWords(error_),
      status: statusOf[error_.code],
    });
  }
  return refused
    ? endPage(pagesUrl, { title: 'Refused', text: 'The device was told so. Nothing was allowed.' })
    : endPage(pagesUrl, {
        title: 'You are signed in',
        text: 'The device goes on within a few seconds. You can close this page.',
      });
}
