import type { RequestSpec, RequestState, RequestView } from '@swath/requests';

/** Words for people, shared by the pages. */

export function percent(value: number | null): string {
  return value === null ? '–' : `${value.toFixed(value > 0 && value < 10 ? 1 : 0)} %`;
}

export function decimal(value: number | null): string {
  return value === null ? '–' : Math.abs(value) >= 1000 ? value.toFixed(0) : value.toFixed(3);
}

export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  if (value < 1e6) return `${(value / 1e3).toFixed(0)} kB`;
  return value < 1e9 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e9).toFixed(2)} GB`;
}

/** `2024-06-01T10:20:30.123Z` as `2024-06-01 10:20:30 UTC`. */
export function moment(iso: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(iso) ? `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC` : iso;
}

/** `2024-05-01/..` as `2024-05-01 to ..`. */
export function interval(datetime: string | undefined): string {
  return datetime?.replace('/', ' to ') ?? 'any date';
}

export function pipelineTitle(spec: RequestSpec): string {
  if ('index' in spec.pipeline) return spec.pipeline.index;
  return 'expression' in spec.pipeline ? spec.pipeline.expression : spec.pipeline.bands.join(', ');
}

export function requestTitle(request: RequestView): string {
  return request.name ?? pipelineTitle(request.spec);
}

export function badgeClass(state: RequestState): 'good' | 'bad' | 'warn' | '' {
  if (state === 'succeeded') return 'good';
  if (state === 'failed' || state === 'expired') return 'bad';
  return state === 'partial' || state === 'waiting' || state === 'cancelled' || state === 'cancelling'
    ? 'warn'
    : '';
}

/** Path of an object key under the API: each segment encoded, the slashes kept. */
export function assetPath(key: string): string {
  return `/${key.split('/').map(encodeURIComponent).join('/')}`;
}
