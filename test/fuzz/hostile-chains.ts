import type { HostileFile } from './hostile-files.ts';
import { firstIfd, grey, tag } from './hostile-parts.ts';
import { buildTiff } from './tiff-builder.ts';

const LONG = 4;

/** IFD chains that turn, wander off or never end, and entry counts that lie. */
export function hostileChains(): HostileFile[] {
  const out: HostileFile[] = [];
  for (const order of ['little', 'big'] as const) {
    for (const bigTiff of [false, true]) {
      const options = { order, ...(bigTiff ? { bigTiff } : {}) } as const;
      const words = `${order} endian${bigTiff ? ' BigTIFF' : ''}`;
      const overview = { ...grey(tag(254, LONG, 1)), next: 'self' as const };
      out.push(
        {
          name: `G01 an IFD that links to itself, ${words}`,
          bytes: buildTiff([{ ...grey(), next: 'self' }], options),
          ends: 'Corrupt',
        },
        {
          name: `G01 a second IFD that links to itself, ${words}`,
          bytes: buildTiff([grey(), overview], options),
          ends: 'Corrupt',
        },
        {
          name: `G01 a link past the end, ${words}`,
          bytes: buildTiff([{ ...grey(), next: 1 << 30 }], options),
          ends: 'Corrupt',
        },
        {
          name: `G01 a link into the header, ${words}`,
          bytes: buildTiff([{ ...grey(), next: 2 }], options),
          ends: 'Corrupt',
        },
        {
          name: `G02 a chain of 65 IFDs, ${words}`,
          bytes: buildTiff(
            Array.from({ length: 65 }, () => grey()),
            options,
          ),
          ends: 'LimitExceeded',
        },
      );
    }
  }
  const plain = buildTiff([grey()]);
  const ifd = firstIfd(plain);
  const subCycle = buildTiff([grey({ tag: 330, type: LONG, values: [ifd] })]);
  const twoCycle = new Uint8Array(44);
  const view = new DataView(twoCycle.buffer);
  twoCycle.set([0x49, 0x49, 42, 0, 8]);
  for (const [at, next] of [
    [8, 26],
    [26, 8],
  ] as const) {
    view.setUint16(at, 1, true);
    view.setUint16(at + 2, 256, true);
    view.setUint16(at + 4, LONG, true);
    view.setUint32(at + 6, 1, true);
    view.setUint32(at + 14, next, true);
  }
  const long = new Uint8Array(8 + 65_536 * 18);
  const chain = new DataView(long.buffer);
  long.set([0x49, 0x49, 42, 0, 8]);
  for (let index = 0; index < 65_536; index++) {
    const at = 8 + index * 18;
    chain.setUint16(at, 1, true);
    chain.setUint16(at + 2, 256, true);
    chain.setUint16(at + 4, LONG, true);
    chain.setUint32(at + 6, 1, true);
    chain.setUint32(at + 14, index === 65_535 ? 0 : at + 18, true);
  }
  const counted = new Uint8Array(plain);
  new DataView(counted.buffer).setUint16(ifd, 65_535, true);
  const padded = new Uint8Array(1 << 20);
  padded.set(counted);
  out.push(
    { name: 'G01 two IFDs that link to each other in 44 bytes', bytes: twoCycle, ends: 'Corrupt' },
    { name: 'G01 a SubIFD that is the main IFD', bytes: subCycle, ends: 'pixels', samples: [1, 2, 3, 4] },
    { name: 'G02 a chain of 65,536 IFDs', bytes: long, ends: 'LimitExceeded' },
    { name: 'G03 an entry count of 65,535 in a small file', bytes: counted, ends: 'Corrupt' },
    { name: 'G03 an entry count of 65,535 in a file that has room', bytes: padded, ends: 'LimitExceeded' },
    {
      name: 'G03 an IFD without entries',
      bytes: Uint8Array.of(0x49, 0x49, 42, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0),
      ends: 'Corrupt',
    },
    { name: 'G03 a header alone', bytes: Uint8Array.of(0x49, 0x49, 42, 0), ends: 'Corrupt' },
    {
      name: 'G03 a link of 0 in the header',
      bytes: Uint8Array.of(0x4d, 0x4d, 0, 42, 0, 0, 0, 0),
      ends: 'Corrupt',
    },
  );
  return out;
}
