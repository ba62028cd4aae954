import { html } from '../html/escape.ts';
import { moment } from '../html/format.ts';
import { page } from '../html/layout.ts';
import { htmlSecurityHeaders } from '../html/security.ts';
import { shownUserCode } from './codes.ts';

/** Longest code that a field takes: eight letters, a dash, and room for spaces. */
const TYPED_MAX = 20;

function withHeaders(
  response: Response,
  status: number,
  headers: Readonly<Record<string, string>>,
): Response {
  const all = new Headers(response.headers);
  for (const [name, value] of Object.entries(headers)) all.set(name, value);
  // Forms of these pages name where they come from, which `no-referrer` would take from them.
  all.set('Referrer-Policy', 'same-origin');
  return new Response(response.body, { status, headers: all });
}

/** Asks for the code. @param trouble what was wrong with the one before. */
export function askCodePage(
  baseUrl: string,
  trouble?: { readonly status: number; readonly text: string },
): Response {
  const body = html`<h1>Sign in a device</h1>
${trouble === undefined ? null : html`<div class="box bad" role="alert"><p>${trouble.text}</p></div>`}
<p class="lead">A program of yours on another machine, such as a notebook, shows a code of eight letters. Type it here.</p>
<form class="actions" method="get" action="${baseUrl}/device"><label for="user_code">Code</label>
<input id="user_code" name="user_code" required maxlength="${TYPED_MAX}" size="12" autocomplete="off" autocapitalize="characters" spellcheck="false" placeholder="XXXX-XXXX"><button>Continue</button></form>`;
  return withHeaders(page({ title: 'Sign in a device', baseUrl, body }), trouble?.status ?? 200, {});
}

export interface ConfirmInput {
  readonly baseUrl: string;
  /** Letters alone. */
  readonly userCode: string;
  readonly askedAt: string;
  /** Shows that the form is ours. */
  readonly mark: string;
  readonly setCookie: string;
  /** Where the form leads to in the end: browsers ask the page whether it may. */
  readonly signInOrigin: string;
}

/**
 * The question that stands between a code somebody sent and an account (RFC 8628, 5.4): it says what is going to happen,
 * shows the code to compare, and has to be answered by hand.
 */
export function confirmPage(input: ConfirmInput): Response {
  const { baseUrl, userCode, askedAt, mark, setCookie, signInOrigin } = input;
  const body = html`<h1>Sign in and allow this device?</h1>
<p class="lead">The device or program that shows this code will be able to order imagery and read results in your name:</p>
<p><code class="device-code">${shownUserCode(userCode)}</code></p>
<p class="soft small">It asked at ${moment(askedAt)}.</p>
<div class="box warn"><p>Go on only if you have started this yourself, just now, and your own device shows this very code. If somebody sent you the code or a link to this page, refuse.</p></div>
<form class="actions" method="post" action="${baseUrl}/device">
<input type="hidden" name="user_code" value="${userCode}"><input type="hidden" name="mark" value="${mark}">
<button name="answer" value="allow">Sign in and allow</button><button name="answer" value="refuse">Refuse</button></form>`;
  const policy = htmlSecurityHeaders['Content-Security-Policy'] ?? '';
  return withHeaders(page({ title: 'Allow a device', baseUrl, body }), 200, {
    'Set-Cookie': setCookie,
    'Content-Security-Policy': policy.replace("form-action 'self'", `form-action 'self' ${signInOrigin}`),
  });
}

/** How it ended. */
export function endPage(
  baseUrl: string,
  { title, text, status = 200 }: { readonly title: string; readonly text: string; readonly status?: number },
): Response {
  const body = html`<h1>${title}</h1><p class="lead">${text}</p><p><a href="${baseUrl}/device">Type another code</a></p>`;
  return withHeaders(page({ title, baseUrl, body }), status, {});
}
