import type { HostileFile } from './hostile-files.ts';
import { type BuilderTag, buildTiff, imageTags } from './tiff-builder.ts';

const PIXELS = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const FIRST = [1, 2, 3, 4];

function withTags(name: string, ends: HostileFile['ends'], ...tags: BuilderTag[]): HostileFile {
  const image = { tags: imageTags({ width: 4, height: 2 }, tags), blocks: [PIXELS] };
  return { name, bytes: buildTiff([image]), ends, ...(ends === 'pixels' ? { samples: FIRST } : {}) };
}
const text = (tag: number, value: string): BuilderTag => ({ tag, type: 2, values: `${value}\0` });
const doubles = (tag: number, ...values: number[]): BuilderTag => ({ tag, type: 12, values });
const shorts = (tag: number, ...values: number[]): BuilderTag => ({ tag, type: 3, values });

const SCALE = 33550;
const TIE = 33922;
const MATRIX = 34264;
const KEYS = 34735;
const NODATA = 42113;
const METADATA = 42112;

function nodata(): HostileFile[] {
  const words = [
    '1e999abc',
    'nan',
    '-nan',
    '-3.4e38',
    '300',
    '-1',
    '1.5',
    '',
    ' ',
    'abc',
    '0x10',
    '1e',
    '--1',
    '1,5',
    '9'.repeat(400),
    ' 3',
    '1e-999',
  ];
  return [
    ...words.map((word) => withTags(`G14 nodata "${word.slice(0, 12)}"`, 'pixels', text(NODATA, word))),
    withTags('G14 nodata of a megabyte of digits', 'any', text(NODATA, '1'.repeat(1 << 20))),
    withTags('G14 nodata of a megabyte of spaces', 'any', text(NODATA, ' '.repeat(1 << 20))),
  ];
}

function georeference(): HostileFile[] {
  const tie = doubles(TIE, 0, 0, 0, 5e5, 6e6, 0);
  return [
    withTags('G15 a pixel scale of NaN', 'Corrupt', doubles(SCALE, Number.NaN, 1, 0), tie),
    withTags('G15 a pixel scale of infinity', 'Corrupt', doubles(SCALE, Infinity, 1, 0), tie),
    withTags('G15 a pixel scale of 0', 'pixels', doubles(SCALE, 0, 0, 0), tie),
    withTags('G15 a negative pixel scale', 'pixels', doubles(SCALE, -10, -10, 0), tie),
    withTags('G15 a tiepoint of one number', 'pixels', doubles(SCALE, 10, 10, 0), doubles(TIE, 0)),
    withTags(
      'G15 a tiepoint of infinity',
      'Corrupt',
      doubles(SCALE, 10, 10, 0),
      doubles(TIE, 0, 0, 0, Infinity, 0, 0),
    ),
    withTags(
      'G15 a matrix of NaN',
      'Corrupt',
      doubles(MATRIX, ...Array.from({ length: 16 }, () => Number.NaN)),
    ),
    withTags('G15 a matrix of 15 numbers', 'pixels', doubles(MATRIX, ...Array.from({ length: 15 }, () => 1))),
    withTags(
      'G15 a matrix beside a scale',
      'pixels',
      doubles(SCALE, 10, 10, 0),
      tie,
      doubles(MATRIX, ...Array.from({ length: 16 }, () => 1)),
    ),
    withTags('G15 a pixel scale of shorts', 'Corrupt', shorts(SCALE, 10, 10, 0), tie),
    withTags(
      'G15 ground control points only',
      'pixels',
      doubles(TIE, ...Array.from({ length: 60 }, (_, at) => at)),
    ),
    withTags('G15 a million tiepoints that are not there', 'Corrupt', { ...tie, count: 1_000_000 }),
    ...['0', 'nan', 'inf', '1e999', '', 'x'].map((word) =>
      withTags(
        `G15 a band scale of "${word}"`,
        'Corrupt',
        text(METADATA, `<Item name="SCALE" sample="0" role="scale">${word}</Item>`),
      ),
    ),
  ];
}

function geoKeys(): HostileFile[] {
  return [
    withTags('G16 60,000 GeoKeys that are not there', 'Corrupt', shorts(KEYS, 1, 1, 0, 60_000)),
    withTags('G16 a GeoKey directory of 3 numbers', 'any', shorts(KEYS, 1, 1, 0)),
    withTags('G16 no GeoKeys', 'pixels', shorts(KEYS, 1, 1, 0, 0)),
    withTags(
      'G16 2000 GeoKeys',
      'LimitExceeded',
      shorts(KEYS, 1, 1, 0, 2000, ...Array.from({ length: 8000 }, () => 1)),
    ),
    withTags('G16 a GeoKey outside the doubles', 'Corrupt', shorts(KEYS, 1, 1, 0, 1, 2057, 34736, 1, 500)),
    withTags('G16 a GeoKey outside the text', 'pixels', shorts(KEYS, 1, 1, 0, 1, 1026, 34737, 9, 500)),
    withTags(
      'G16 a GeoKey outside its own directory',
      'Corrupt',
      shorts(KEYS, 1, 1, 0, 1, 3072, 34735, 1, 500),
    ),
    withTags('G16 a GeoKey in an unknown place', 'pixels', shorts(KEYS, 1, 1, 0, 1, 3072, 9, 1, 500)),
    withTags(
      'G16 an EPSG code nobody has',
      'pixels',
      shorts(KEYS, 1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 31_999),
    ),
    withTags(
      'G16 a user-defined CRS without parameters',
      'pixels',
      shorts(KEYS, 1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32_767),
    ),
    withTags('G16 a geocentric CRS', 'pixels', shorts(KEYS, 1, 1, 0, 1, 1024, 0, 1, 3)),
    withTags('G16 a model type of 65,535', 'pixels', shorts(KEYS, 1, 1, 0, 1, 1024, 0, 1, 65_535)),
    withTags(
      'G16 one key 900 times',
      'pixels',
      shorts(KEYS, 1, 1, 0, 900, ...Array.from({ length: 900 }, () => [3072, 0, 1, 32_632]).flat()),
    ),
    withTags(
      'G16 a UTM zone of 99',
      'pixels',
      shorts(KEYS, 1, 1, 0, 3, 1024, 0, 1, 1, 3072, 0, 1, 32_767, 3074, 0, 1, 16_099),
    ),
    withTags(
      'G16 an ellipsoid of NaN',
      'pixels',
      shorts(KEYS, 1, 1, 0, 4, 1024, 0, 1, 2, 2048, 0, 1, 32_767, 2057, 34736, 1, 0, 2059, 34736, 1, 1),
      doubles(34736, Number.NaN, Infinity),
    ),
  ];
}

function metadata(): HostileFile[] {
  const laughs = `<!DOCTYPE x [<!ENTITY a "ha">${Array.from({ length: 20 }, (_, at) => `<!ENTITY a${at} "&a${at - 1};&a${at - 1};&a${at - 1};">`).join('')}]><Item name="x">&a19;</Item>`;
  const outside =
    '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><Item name="DESCRIPTION" sample="0" role="description">&f;</Item>';
  return [
    withTags('G26 an entity bomb in GDAL_METADATA', 'pixels', text(METADATA, laughs)),
    withTags('G26 a reference to a file in GDAL_METADATA', 'pixels', text(METADATA, outside)),
    withTags('G26 an entity bomb in XMP', 'pixels', { tag: 700, type: 7, values: Buffer.from(laughs) }),
    withTags('G26 EXIF that points at itself', 'pixels', { tag: 34665, type: 4, values: [8] }),
    withTags('G26 two megabytes of metadata', 'LimitExceeded', text(METADATA, 'x'.repeat(2 << 20))),
    withTags('G26 20,000 items', 'LimitExceeded', text(METADATA, '<Item name="a">b</Item>'.repeat(20_000))),
    withTags('G26 a megabyte of open items', 'any', text(METADATA, '<Item '.repeat(170_000))),
    withTags('G26 a megabyte of open items that end', 'any', text(METADATA, '<Item >'.repeat(140_000))),
    withTags('G26 a megabyte of quotes', 'any', text(METADATA, `<Item ${' name="'.repeat(140_000)}></Item>`)),
    withTags(
      'G26 a megabyte of spaces behind a name',
      'any',
      text(METADATA, `<Item name${' '.repeat(900_000)}></Item>`),
    ),
    withTags(
      'G26 a megabyte of ampersands',
      'any',
      text(METADATA, `<Item name="a">${'&'.repeat(1_000_000)}</Item>`),
    ),
    withTags(
      'G26 references to characters that do not exist',
      'pixels',
      text(METADATA, '<Item name="a">&#x110000;&#xD800;&#0;</Item>'),
    ),
    withTags('G26 metadata that is not UTF-8', 'pixels', {
      tag: METADATA,
      type: 2,
      values: Uint8Array.of(0xff, 0xfe, 0xc0, 0x80, 0),
    }),
    withTags('G26 metadata of 2^32 - 1 bytes', 'Corrupt', {
      ...text(METADATA, '<Item>'),
      count: 2 ** 32 - 1,
    }),
  ];
}

/** Texts and numbers about pixels that lie: nodata, georeference, GeoKeys, XML. */
export function hostileText(): HostileFile[] {
  return [...nodata(), ...georeference(), ...geoKeys(), ...metadata()];
}
