// Reducers over dates. Planes of singles of equal length, NaN where a date has no value; four pixels at a time.

// @ts-ignore: decorator
@inline
function padded(count: i32): usize {
  return ((<usize>count + 3) & ~3) << 2;
}

export function keepSmaller(best: usize, plane: usize, count: i32): void {
  for (let i: usize = 0, end = padded(count); i < end; i += 16) {
    const known = v128.load(best + i);
    const value = v128.load(plane + i);
    // Written so that a NaN in `value` never wins and a NaN in `known` always gives way.
    const take = v128.or(f32x4.lt(value, known), f32x4.ne(known, known));
    v128.store(best + i, v128.bitselect(value, known, take));
  }
}

export function keepLarger(best: usize, plane: usize, count: i32): void {
  for (let i: usize = 0, end = padded(count); i < end; i += 16) {
    const known = v128.load(best + i);
    const value = v128.load(plane + i);
    const take = v128.or(f32x4.gt(value, known), f32x4.ne(known, known));
    v128.store(best + i, v128.bitselect(value, known, take));
  }
}

export function addToSums(sums: usize, counts: usize, plane: usize, count: i32): void {
  const one = i32x4.splat(1);
  for (let i: usize = 0, end = padded(count); i < end; i += 16) {
    const value = v128.load(plane + i);
    const valid = f32x4.eq(value, value);
    const number = v128.and(value, valid);
    const low = f64x2.promote_low_f32x4(number);
    const high = f64x2.promote_low_f32x4(i32x4.shuffle(number, number, 2, 3, 2, 3));
    const at = sums + (i << 1);
    v128.store(at, f64x2.add(v128.load(at), low));
    v128.store(at, f64x2.add(v128.load(at, 16), high), 16);
    v128.store(counts + i, i32x4.add(v128.load(counts + i), v128.and(valid, one)));
  }
}

export function meansOf(sums: usize, counts: usize, count: i32, to: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    // 0 / 0 is NaN: no date has a value.
    store<f32>(to + (i << 2), <f32>(load<f64>(sums + (i << 3)) / <f64>load<u32>(counts + (i << 2))));
  }
}

/** Sorts 4 x n singles in `lanes`, each of the four on its own: Batcher's merge exchange (Knuth 5.2.2 M), any n. */
function sortLanes(lanes: usize, n: i32): void {
  let top = 1;
  while (top < n) top <<= 1;
  for (let p = top >> 1; p > 0; p >>= 1) {
    let q = top >> 1;
    let r = 0;
    let d = p;
    while (d > 0) {
      for (let i = 0; i < n - d; i++) {
        if ((i & p) != r) continue;
        const a = lanes + (<usize>i << 4);
        const b = a + (<usize>d << 4);
        const x = v128.load(a);
        const y = v128.load(b);
        v128.store(a, f32x4.pmin(x, y));
        v128.store(b, f32x4.pmax(x, y));
      }
      d = q - p;
      q >>= 1;
      r = p;
    }
  }
}

export function mediansOf(planes: usize, planeBytes: i32, dates: i32, count: i32, scratch: usize, to: usize): void {
  const infinity = f32x4.splat(<f32>Infinity);
  for (let i: usize = 0, end = padded(count); i < end; i += 16) {
    let counts = i32x4.splat(0);
    for (let date = 0; date < dates; date++) {
      const value = v128.load(planes + <usize>date * <usize>planeBytes + i);
      const valid = f32x4.eq(value, value);
      counts = i32x4.sub(counts, valid);
      // Absent values sort behind all others.
      v128.store(scratch + (<usize>date << 4), v128.bitselect(value, infinity, valid));
    }
    if (!v128.any_true(counts)) {
      v128.store(to + i, f32x4.splat(f32.NaN));
      continue;
    }
    sortLanes(scratch, dates);
    v128.store(scratch + (<usize>dates << 4), counts);
    for (let lane: usize = 0; lane < 16; lane += 4) {
      const n = load<u32>(scratch + (<usize>dates << 4) + lane);
      if (n == 0) {
        store<f32>(to + i + lane, f32.NaN);
        continue;
      }
      const upper = <f64>load<f32>(scratch + (<usize>(n >> 1) << 4) + lane);
      const lower = <f64>load<f32>(scratch + (<usize>((n - 1) >> 1) << 4) + lane);
      store<f32>(to + i + lane, <f32>((lower + upper) / 2));
    }
  }
}
