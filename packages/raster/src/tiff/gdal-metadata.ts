import { SwathError } from '@swath/core';
import type { BandInfo } from '../image.ts';
import { MAX_METADATA_ITEMS, MAX_METADATA_XML_CHARS } from '../limits.ts';

export interface MetadataItem {
  readonly name: string;
  /** 0-based band, or undefined for the dataset. */
  readonly sample: number | undefined;
  readonly role: string | undefined;
  readonly text: string;
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** The five XML entities and character references, one pass; any other reference stays as it is written. */
function unescapeXml(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,4});/gi, (whole, body: string) => {
    if (!body.startsWith('#')) return named[body] ?? whole;
    const code = /^#x/i.test(body) ? Number.parseInt(body.slice(2), 16) : Number(body.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function attribute(attributes: string, name: string): string | undefined {
  const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  const value = match?.[1] ?? match?.[2];
  return value === undefined ? undefined : unescapeXml(value);
}

/**
 * The `<Item>` elements of a GDAL_METADATA tag. Not an XML parser: no entities are defined, nothing is nested.
 * @throws SwathError LimitExceeded.
 */
export function parseMetadataItems(xml: string): MetadataItem[] {
  if (xml.length > MAX_METADATA_XML_CHARS) {
    throw new SwathError(
      'LimitExceeded',
      `GDAL_METADATA has ${xml.length} characters, the limit is ${MAX_METADATA_XML_CHARS}`,
    );
  }
  const items: MetadataItem[] = [];
  let at = 0;
  for (;;) {
    const start = xml.indexOf('<Item', at);
    const open = start < 0 ? -1 : xml.indexOf('>', start);
    if (open < 0) return items;
    const attributes = xml.slice(start + 5, open);
    const close = attributes.endsWith('/') ? open : xml.indexOf('</Item>', open);
    if (close < 0) return items;
    if (items.length >= MAX_METADATA_ITEMS) {
      throw new SwathError('LimitExceeded', `GDAL_METADATA has more than ${MAX_METADATA_ITEMS} items`);
    }
    const sample = attribute(attributes, 'sample');
    items.push({
      name: attribute(attributes, 'name') ?? '',
      sample: sample !== undefined && /^\d{1,6}$/.test(sample) ? Number(sample) : undefined,
      role: attribute(attributes, 'role'),
      text: close === open ? '' : unescapeXml(xml.slice(open + 1, close)),
    });
    at = close + 1;
  }
}

/** Scale, offset and description of every band. @throws SwathError Corrupt for a scale of 0 or numbers that are not finite. */
export function bandInfos(items: readonly MetadataItem[], bands: number, name: string): BandInfo[] {
  const byBand = new Map<string, string>();
  for (const item of items) {
    if (item.role !== undefined && item.sample !== undefined) {
      byBand.set(`${item.role}/${item.sample}`, item.text);
    }
  }
  const number = (role: string, band: number, fallback: number): number => {
    const text = byBand.get(`${role}/${band}`);
    if (text === undefined) return fallback;
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(value) || (role === 'scale' && value === 0)) {
      throw new SwathError(
        'Corrupt',
        `${name}: the ${role} of band ${band + 1} is "${text.slice(0, 40)}", it must be a finite number${role === 'scale' ? ' other than 0' : ''}`,
      );
    }
    return value;
  };
  return Array.from({ length: bands }, (_, band) => {
    const description = byBand.get(`description/${band}`);
    return {
      scale: number('scale', band, 1),
      offset: number('offset', band, 0),
      ...(description === undefined ? {} : { description }),
    };
  });
}
