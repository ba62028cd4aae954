import type { BandStatistics } from '../process/work.ts';
import type { CogSpec } from './spec.ts';

/** Text that XML 1.0 can hold: control characters it forbids go away. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** GDAL escapes the value itself and then once more as XML text, and takes both off again when it reads. */
function item(name: string, value: string, attributes = ''): string {
  return `  <Item name="${escapeXml(name)}"${attributes}>${escapeXml(escapeXml(value))}</Item>\n`;
}

function bandItem(band: number, name: string, value: string, role?: string): string {
  return item(name, value, ` sample="${band}"${role === undefined ? '' : ` role="${role}"`}`);
}

/**
 * Text of tag 42112 (GDAL_METADATA): names, scales, offsets and the statistics of the digital numbers as stored,
 * which is what GDAL means by STATISTICS_*.
 * @param dnStatistics one per band.
 */
export function gdalMetadata(spec: CogSpec, dnStatistics: readonly BandStatistics[]): string {
  let items = '';
  for (const [name, value] of Object.entries(spec.metadata ?? {})) items += item(name, value);
  spec.bands.forEach(({ name, stored }, band) => {
    items += bandItem(band, 'DESCRIPTION', name, 'description');
    if (stored.scale !== 1 || stored.offset !== 0) {
      items += bandItem(band, 'OFFSET', String(stored.offset), 'offset');
      items += bandItem(band, 'SCALE', String(stored.scale), 'scale');
    }
    items += statisticsItems(band, dnStatistics[band]);
  });
  return `<GDALMetadata>\n${items}</GDALMetadata>\n`;
}

function statisticsItems(band: number, statistics: BandStatistics | undefined): string {
  if (statistics === undefined) return '';
  const { min, max, mean, std, validPercent } = statistics;
  if (min === null || max === null || mean === null || std === null) return '';
  return (
    bandItem(band, 'STATISTICS_MAXIMUM', String(max)) +
    bandItem(band, 'STATISTICS_MEAN', String(mean)) +
    bandItem(band, 'STATISTICS_MINIMUM', String(min)) +
    bandItem(band, 'STATISTICS_STDDEV', String(std)) +
    bandItem(band, 'STATISTICS_VALID_PERCENT', String(Number(validPercent.toPrecision(4))))
  );
}
