import { parseArgs } from 'node:util';
import { deflateSync } from 'node:zlib';
import { isSwathError } from '@swath/core';
import { inflateWithKernel } from '@swath/raster/codec/inflate-at';
import { createInflater, inflateInto } from '@swath/raster/codec/inflate-into';
import fc from 'fast-check';
import { madeStreams } from '../../packages/raster/src/codec/streams.fixture.ts';
import { createGuardedSpace } from '../support/guarded-space.ts';

/**
 * The kernel's inflate against zlib over changed streams: `node test/fuzz/inflate.ts [--runs 20000] [--seed 1]`. Both have
 * to accept the same ones, with the same bytes, and the kernel must not write elsewhere. Since the checksum refuses nearly
 * all that is changed, half of the changed streams that decode get one that fits.
 */
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' } },
});

const CHECKSUM_BYTES = 4;
/** Where the codes of a first block are: half of the changes go there. */
const HEAD_BYTES = 80;

const edits = fc.array(fc.record({ at: fc.nat(), to: fc.nat(255), flips: fc.boolean() }), { maxLength: 3 });
type Edits = typeof edits extends fc.Arbitrary<infer T> ? T : never;

function changed(made: Uint8Array, changes: Edits): Uint8Array {
  const stream = new Uint8Array(made);
  for (const { at, to, flips } of changes) {
    const place = at % Math.min(stream.length, (at & 1) === 0 ? HEAD_BYTES : stream.length);
    stream[place] = flips ? (stream[place] ?? 0) ^ (1 << (to & 7)) : to;
  }
  return stream;
}

const inflater = createInflater();
if (inflater === undefined) throw new Error('this Node has no zlib stream that can be used again');
const room = new Uint8Array(2 ** 22);

/** What zlib decodes of a stream, whether or not it ends there; undefined when it is broken. */
function decoded(stream: Uint8Array): Uint8Array | undefined {
  inflater?.reset();
  try {
    const left = inflater?.run(stream, room, false).room ?? 0;
    return room.subarray(0, room.length - left);
  } catch (error) {
    if (isSwathError(error, 'Corrupt')) return undefined;
    throw error;
  }
}

/** What zlib makes of a stream that has to have so many bytes. */
function byZlib(stream: Uint8Array, length: number): Uint8Array | undefined {
  const bytes = new Uint8Array(length);
  try {
    inflateInto(stream, bytes);
    return bytes;
  } catch (error) {
    if (isSwathError(error, 'Corrupt')) return undefined;
    throw error;
  }
}

/** With the checksum of what it decodes to, where it decodes. */
function withChecksum(stream: Uint8Array): Uint8Array {
  const body = stream.subarray(0, -CHECKSUM_BYTES);
  const bytes = decoded(body);
  return bytes === undefined
    ? stream
    : Buffer.concat([body, deflateSync(bytes, { level: 0 }).subarray(-CHECKSUM_BYTES)]);
}

const guarded = createGuardedSpace();
const count = { accepted: 0, changedAndAccepted: 0 };

const comparison = fc.property(
  madeStreams,
  edits,
  fc.constantFrom(0, 0, 0, 0, 1, 4, 20),
  fc.uint8Array({ maxLength: 5 }),
  fc.nat(30),
  fc.boolean(),
  ({ stream: made }, changes, cut, behind, lengthKind, fits) => {
    const stream = changed(made, changes);
    const summed = fits ? withChecksum(stream) : stream;
    const given = Buffer.concat([summed.subarray(0, Math.max(0, summed.length - cut)), behind]);
    const decodedBytes = decoded(given)?.length ?? made.length;
    const isOther = lengthKind < 4;
    const length = Math.max(1, decodedBytes + (isOther ? lengthKind * 2 - 3 : 0));
    const at = guarded.take(length);
    const isDecoded = inflateWithKernel(given, guarded, at, length, 0);
    const mine = isDecoded ? guarded.copy(at, length) : undefined;
    if (guarded.finish().length > 0) throw new Error('the kernel wrote outside its output');
    const expected = byZlib(given, length);
    if ((mine === undefined) !== (expected === undefined)) {
      throw new Error(`the kernel ${mine ? 'accepts' : 'refuses'} what zlib does not`);
    }
    if (mine === undefined || expected === undefined) return;
    if (Buffer.compare(mine, expected) !== 0) throw new Error('other bytes than those of zlib');
    count.accepted++;
    if (Buffer.compare(summed, made) !== 0) count.changedAndAccepted++;
  },
);

const outcome = fc.check(comparison, { numRuns: Number(values.runs), seed: Number(values.seed) });
console.log(JSON.stringify({ runs: outcome.numRuns, ...count }));
if (outcome.failed) {
  console.log(fc.defaultReportMessage(outcome));
  process.exitCode = 1;
}
