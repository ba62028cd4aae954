import { SWATH_VERSION } from '@swath/core';
import { type Html, html, raw } from './escape.ts';
import { liveScript, stylesheet } from './style.ts';

export interface Page {
  readonly title: string;
  readonly baseUrl: string;
  readonly body: Html;
  /** URL of an event stream that tells when to draw the page anew. */
  readonly live?: string;
}

const mark = raw(
  '<svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true"><rect width="22" height="22" rx="5" fill="#1f6f4a"/><path d="M3 15 15 3h5L8 19H3z" fill="#9fe3c0"/><path d="M12 19 20 9v7l-2.5 3z" fill="#d8f5e5"/></svg>',
);

/** Seconds between reloads of a page that follows a request without JavaScript. */
const REFRESH_S = 3;

export function page({ title, baseUrl, body, live }: Page): Response {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title} · Swath</title>
<link rel="icon" href="data:,">
<style>${raw(stylesheet)}</style>
${live === undefined ? null : html`<noscript><meta http-equiv="refresh" content="${REFRESH_S}"></noscript>`}
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="top"><a class="brand" href="${baseUrl}/">${mark}Swath</a>
<nav aria-label="Main"><a href="${baseUrl}/">Requests</a><a href="${baseUrl}/api.html">API</a></nav></header>
<main id="main"${live === undefined ? null : html` data-live="${live}"`}>${body}</main>
<footer>Swath ${SWATH_VERSION}</footer>
${live === undefined ? null : html`<script>${raw(liveScript)}</script>`}
</body>
</html>`;
  return new Response(document.html, {
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', Vary: 'Accept' },
  });
}
