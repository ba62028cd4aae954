import type { ProductResult, RequestEventView, RequestView } from '@swath/requests';
import { picturePath, resultOfKey } from '../pictures/addresses.ts';
import { finalStates } from '../schemas/request.ts';
import { type Html, html } from './escape.ts';
import {
  assetPath,
  badgeClass,
  bytes,
  decimal,
  interval,
  moment,
  percent,
  pipelineTitle,
  requestTitle,
} from './format.ts';
import { page } from './layout.ts';
import { sparkline } from './sparkline.ts';
import { reachedStage, stageStrip } from './stages.ts';

/** Band whose mean the table and the line show: the first output. */
function mainBand(results: readonly ProductResult[]): string | undefined {
  return Object.keys(results[0]?.statistics ?? {})[0];
}

const meanOf = (r: ProductResult, band: string | undefined) =>
  band === undefined ? null : (r.statistics[band]?.mean ?? null);

const validPercent = (r: ProductResult) =>
  r.counts.total === 0 ? null : (100 * r.counts.valid) / r.counts.total;

function failureBox(request: RequestView): Html | null {
  const failure = request.failure;
  if (failure === null) return null;
  const whose = { user: 'the request', provider: 'the source of imagery', swath: 'Swath' }[failure.fault];
  return html`<section class="box bad" aria-label="Why it failed"><p><strong>${failure.message}</strong></p>
<p>${failure.fix}</p><p class="small">${failure.reason} · the cause lies with ${whose} · ${failure.retryable ? 'can be retried as it is' : 'retrying as it is will not help'}</p></section>`;
}

function warningBox(warnings: readonly string[]): Html | null {
  if (warnings.length === 0) return null;
  return html`<section class="box warn" aria-label="Warnings">${warnings.map((w) => html`<p>${w}</p>`)}</section>`;
}

function facts(request: RequestView): Html {
  const { spec, progress } = request;
  const rows: readonly (readonly [string, string | number])[] = [
    ['Pipeline', pipelineTitle(spec)],
    ['Dates', interval(spec.datetime)],
    ['Mask', typeof spec.mask === 'string' ? spec.mask : 'explicit'],
    ['Composite', spec.composite],
    ['Scenes', progress.scenes ?? '–'],
    ['Results', progress.products ?? request.results.length],
    ['Attempt', request.attempt],
    ['Asked for', moment(request.createdAt)],
  ];
  return html`<dl class="facts">${rows.map(([k, v]) => html`<div><dt>${k}</dt><dd>${v}</dd></div>`)}</dl>`;
}

function dates(results: readonly ProductResult[], band: string | undefined, baseUrl: string): Html {
  const to = (key: string) => `${baseUrl}${assetPath(key)}`;
  const picture = (r: ProductResult, rest: string) => {
    const { contentKey, name } = resultOfKey(r.assets.item);
    return `${baseUrl}${picturePath(contentKey, name, rest)}`;
  };
  return html`<h2>Dates</h2>
${sparkline(
  results.map((r) => ({ label: r.label, value: meanOf(r, band) })),
  band ?? 'value',
)}
<div class="scroll"><table><caption class="small soft" hidden>Statistics by date</caption><thead><tr><th scope="col">Date</th><th scope="col">Mean ${band ?? ''}</th><th scope="col">Cloud</th><th scope="col">Valid</th><th scope="col">Size</th><th scope="col" class="left">Files</th></tr></thead><tbody>${results.map(
    (r) =>
      html`<tr><td>${r.label}</td><td>${decimal(meanOf(r, band))}</td><td>${percent(r.cloudPercent)}</td><td>${percent(validPercent(r))}</td><td>${bytes(r.sizeBytes)}</td><td class="left"><a href="${to(r.assets.cog)}" aria-label="GeoTIFF of ${r.label}">GeoTIFF</a> · <a href="${to(r.assets.item)}" aria-label="STAC Item of ${r.label}">Item</a> · <a href="${to(r.assets.statistics)}" aria-label="Statistics of ${r.label}">Statistics</a> · <a href="${picture(r, 'tilejson.json')}" aria-label="TileJSON of ${r.label}">TileJSON</a> · <a href="${picture(r, 'preview?max_size=2048')}" aria-label="Large picture of ${r.label}">Large picture</a>${r.failedChunks.length === 0 ? null : html` <span class="badge warn">${r.failedChunks.length} chunks missing</span>`}</td></tr>`,
  )}</tbody></table></div>`;
}

function pictures(
  results: readonly ProductResult[],
  band: string | undefined,
  baseUrl: string,
  legend: Html | null,
): Html {
  return html`<h2>Pictures</h2>${legend}<div class="pictures">${results.map(
    (r) =>
      html`<figure><a href="${baseUrl}${assetPath(r.assets.thumbnail)}"><img src="${baseUrl}${assetPath(r.assets.thumbnail)}" alt="${band ?? 'Result'} on ${r.label}" loading="lazy"></a><figcaption><span>${r.label}</span><span class="soft">${decimal(meanOf(r, band))}</span></figcaption></figure>`,
  )}</div>`;
}

function eventList(events: readonly RequestEventView[]): Html {
  return html`<h2>What happened</h2><ol class="events">${events.map(
    (e) =>
      html`<li><time class="mono" datetime="${e.time}">${moment(e.time)}</time><span class="text">${
        e.to === null ? null : html`<strong>${e.to}</strong> `
      }${e.message}${e.attempt > 1 ? html` <span class="soft">(attempt ${e.attempt})</span>` : null}${
        e.kind === 'stale' ? html` <span class="badge">too late, ignored</span>` : null
      }</span></li>`,
  )}</ol>`;
}

function actions(request: RequestView, url: string): Html | null {
  const final = finalStates.has(request.state);
  if (final && request.state === 'succeeded') return null;
  const verb = final ? 'retry' : 'cancel';
  if (request.state === 'cancelling') return null;
  return html`<form class="actions" method="post" action="${url}/${verb}"><button>${final ? 'Try again' : 'Cancel this request'}</button></form>`;
}

function chunks(request: RequestView): Html | null {
  const { chunksDone, chunksTotal } = request.progress;
  if (finalStates.has(request.state) || chunksTotal === null || chunksTotal === 0) return null;
  return html`<p><label class="small soft" for="chunks">${chunksDone} of ${chunksTotal} chunks</label><progress id="chunks" max="${chunksTotal}" value="${chunksDone}"></progress></p>`;
}

/** What map programs ask for. */
function mapNote(request: RequestView, baseUrl: string): Html | null {
  if (request.contentKey === null) return null;
  const wmts = `${baseUrl}/tiles/${request.contentKey}/wmts?service=WMTS&request=GetCapabilities`;
  return html`<p>All dates as layers for QGIS, ArcGIS and GDAL: <a href="${wmts}">WMTS capabilities</a></p>`;
}

/** Where rows by zone are, when the request had zones. */
function zoneNote(request: RequestView, url: string): Html | null {
  if (request.results.every(({ assets }) => assets.zones === undefined)) return null;
  return html`<p>Statistics of each zone and date: <a href="${url}/statistics">rows as JSON</a>, or as CSV:</p><pre><code>npx swath stats ${request.id} --csv > zones.csv</code></pre>`;
}

export interface RequestPageInput {
  readonly baseUrl: string;
  readonly request: RequestView;
  readonly events: readonly RequestEventView[];
  /** Explains the colours of the pictures. */
  readonly legend: Html | null;
}

/** One request for people: where it stands, what came out, why not. */
export function requestPage({ baseUrl, request, events, legend }: RequestPageInput): Response {
  const url = `${baseUrl}/requests/${encodeURIComponent(request.id)}`;
  const band = mainBand(request.results);
  const waiting = request.waitingReason === null ? '' : `: ${request.waitingReason}`;
  return page({
    title: requestTitle(request),
    baseUrl,
    ...(finalStates.has(request.state) ? {} : { live: `${url}/events` }),
    body: html`<h1>${requestTitle(request)}</h1>
<p role="status"><span class="badge ${badgeClass(request.state)}">${request.state}${waiting}</span>${request.reused ? html` <span class="badge">was there already</span>` : null} <span class="mono soft">${request.id}</span></p>
${stageStrip(request.state, reachedStage(events, request.attempt))}
${chunks(request)}${failureBox(request)}${warningBox(request.warnings)}${actions(request, url)}${facts(request)}
${request.results.length === 0 ? null : [dates(request.results, band, baseUrl), pictures(request.results, band, baseUrl, legend)]}
${
  request.results.length === 0
    ? null
    : html`<h2>Take it with you</h2><pre><code>npx swath get ${request.id} ./results
curl ${url}/results</code></pre>${zoneNote(request, url)}${mapNote(request, baseUrl)}`
}
${eventList(events)}
<h2>The request itself</h2><details><summary>As JSON, with defaults filled in</summary><pre><code>${JSON.stringify(request.spec, null, 2)}</code></pre></details>`,
  });
}
