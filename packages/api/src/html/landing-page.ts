import type { RequestView } from '@swath/requests';
import { exampleRequest } from '../example.ts';
import { finalStates } from '../schemas/request.ts';
import { type Html, html } from './escape.ts';
import { assetPath, badgeClass, interval, moment, pipelineTitle, requestTitle } from './format.ts';
import { page } from './layout.ts';

function card(request: RequestView, baseUrl: string): Html {
  const picture = request.results.find((r) => r.counts.valid > 0) ?? request.results[0];
  const url = `${baseUrl}/requests/${encodeURIComponent(request.id)}`;
  const title = requestTitle(request);
  return html`<li class="card">${
    picture === undefined
      ? html`<span class="shot"></span>`
      : html`<a class="shot" href="${url}" tabindex="-1" aria-hidden="true"><img src="${baseUrl}${assetPath(picture.assets.thumbnail)}" alt="" loading="lazy"></a>`
  }<a class="title" href="${url}">${title}</a>
<div class="small soft">${request.name === null ? null : html`${pipelineTitle(request.spec)} · `}${interval(request.spec.datetime)}</div>
<div class="small"><span class="badge ${badgeClass(request.state)}">${request.state}</span> <span class="soft">${
    finalStates.has(request.state)
      ? `${request.results.length} ${request.results.length === 1 ? 'result' : 'results'}`
      : `${request.progress.chunksDone} of ${request.progress.chunksTotal ?? '?'} chunks`
  }</span></div>
<div class="small soft">${moment(request.createdAt)}</div></li>`;
}

const exampleLines = Object.entries(exampleRequest)
  .map(([field, value]) => `  ${JSON.stringify(field)}: ${JSON.stringify(value)}`)
  .join(',\n');

const example = (baseUrl: string) =>
  `curl -X POST ${baseUrl}/requests -H 'Content-Type: application/json' -d '{\n${exampleLines}\n}'`;

export interface LandingInput {
  readonly baseUrl: string;
  readonly requests: readonly RequestView[];
  readonly next: string | undefined;
}

/** What this is, and the newest requests. */
export function landingPage({ baseUrl, requests, next }: LandingInput): Response {
  return page({
    title: 'Requests',
    baseUrl,
    body: html`<h1>Satellite imagery, ordered and delivered</h1>
<p class="lead">Say where, when and what. Swath finds the scenes, removes clouds, computes the index, and gives back Cloud Optimized GeoTIFFs, STAC Items, pictures and statistics.</p>
<h2>Recent requests</h2>
${
  requests.length === 0
    ? html`<div class="card"><p>Nothing has been asked for yet. Try:</p><pre><code>npx swath indices NDVI
npx swath submit --index NDVI --aoi area.geojson --datetime 2024-05-01/2024-08-31 --watch</code></pre></div>`
    : html`<ul class="cards">${requests.map((r) => card(r, baseUrl))}</ul>`
}
${next === undefined ? null : html`<p><a href="${next}" rel="next">Older requests</a></p>`}
<h2>Use it from anywhere</h2>
<p class="soft">The same address speaks JSON. <a href="${baseUrl}/api.html">How to call it</a>, the <a href="${baseUrl}/api">OpenAPI document</a>, the <a href="${baseUrl}/collections">STAC collections</a>, the <a href="${baseUrl}/indices">spectral indices</a> and the <a href="${baseUrl}/providers">sources of imagery</a>.</p>
<pre><code>${example(baseUrl)}</code></pre>`,
  });
}
