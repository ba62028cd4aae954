import { parseArgs } from 'node:util';
import { constants, deflateSync, inflateSync } from 'node:zlib';
import { inflateWithKernel } from '@swath/raster/codec/inflate-at';
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

function decoded(stream: Uint8Array, finishFlush = constants.Z_FINISH): Uint8Array | undefined {
  try {
    return inflateSync(stream, { finishFlush });
  } catch {
    return undefined;
  }
}

/** With the checksum of what it decodes to, where it decodes. */
function withChecksum(stream: Uint8Array): Uint8Array {
  const body = stream.subarray(0, -CHECKSUM_BYTES);
  const bytes = decoded(body, constants.Z_SYNC_FLUSH);
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
    const theirs = decoded(given);
    const isOther = lengthKind < 4;
    const length = Math.max(0, (theirs?.length ?? made.length) + (isOther ? lengthKind * 2 - 3 : 0));
    const at = guarded.take(length);
    const isDecoded = inflateWithKernel(given, guarded, at, length, 0);
    const mine = isDecoded ? guarded.copy(at, length) : undefined;
    if (guarded.finish().length > 0) throw new Error('the kernel wrote outside its output');
    const expected = theirs?.length === length ? theirs : undefined;
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
