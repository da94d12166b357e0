// AssemblyScript, compiled to WASM SIMD by scripts/build-kernels.mjs. The plain twin of each function, with its contract,
// is in ../plain.ts. Memory is imported and its layout is the caller's affair; nothing is allocated here.

export * from './fft';
export * from './sync';

/** [a b c d] of signed 8-bit lanes 0..3 and so on, converted, scaled and stored: 16 values. */
// @ts-ignore: decorator
@inline
function storeBytes(low: v128, high: v128, offset: v128, scale: v128, to: usize): void {
  v128.store(to, f32x4.mul(f32x4.add(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(low)), offset), scale));
  v128.store(to + 16, f32x4.mul(f32x4.add(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(low)), offset), scale));
  v128.store(to + 32, f32x4.mul(f32x4.add(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(high)), offset), scale));
  v128.store(to + 48, f32x4.mul(f32x4.add(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(high)), offset), scale));
}

export function cu8ToFloat(from: usize, to: usize, values: i32): void {
  const offset = f32x4.splat(-127.5);
  const scale = f32x4.splat(<f32>(1.0 / 127.5));
  let i = 0;
  for (; i + 16 <= values; i += 16) {
    const x = v128.load(from + i);
    storeBytes(i16x8.extend_low_i8x16_u(x), i16x8.extend_high_i8x16_u(x), offset, scale, to + 4 * i);
  }
  for (; i < values; i++) store<f32>(to + 4 * i, (<f32>load<u8>(from + i) - <f32>127.5) * <f32>(1.0 / 127.5));
}

export function cs8ToFloat(from: usize, to: usize, values: i32): void {
  const offset = f32x4.splat(0);
  const scale = f32x4.splat(<f32>(1.0 / 128.0));
  let i = 0;
  for (; i + 16 <= values; i += 16) {
    const x = v128.load(from + i);
    storeBytes(i16x8.extend_low_i8x16_s(x), i16x8.extend_high_i8x16_s(x), offset, scale, to + 4 * i);
  }
  for (; i < values; i++) store<f32>(to + 4 * i, <f32>load<i8>(from + i) * <f32>(1.0 / 128.0));
}

export function cs16ToFloat(from: usize, to: usize, values: i32): void {
  const scale = f32x4.splat(<f32>(1.0 / 32768.0));
  let i = 0;
  for (; i + 8 <= values; i += 8) {
    const x = v128.load(from + 2 * i);
    v128.store(to + 4 * i, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(x)), scale));
    v128.store(to + 4 * i + 16, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(x)), scale));
  }
  for (; i < values; i++) store<f32>(to + 4 * i, <f32>load<i16>(from + 2 * i) * <f32>(1.0 / 32768.0));
}

// Four accumulators hide the latency of the additions; their order is the same for every output, whatever its place in a
// chunk, so that the cutting of the input never shows.

// @ts-ignore: decorator
@inline
function dot(x: usize, taps: usize, bytes: i32): v128 {
  let a = f32x4.splat(0);
  let b = f32x4.splat(0);
  let c = f32x4.splat(0);
  let d = f32x4.splat(0);
  for (let j = 0; j < bytes; j += 64) {
    a = f32x4.add(a, f32x4.mul(v128.load(x + j), v128.load(taps + j)));
    b = f32x4.add(b, f32x4.mul(v128.load(x + j, 16), v128.load(taps + j, 16)));
    c = f32x4.add(c, f32x4.mul(v128.load(x + j, 32), v128.load(taps + j, 32)));
    d = f32x4.add(d, f32x4.mul(v128.load(x + j, 48), v128.load(taps + j, 48)));
  }
  return f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
}

export function firReal(x: usize, taps: usize, count: i32, decimation: i32, outputs: i32, y: usize): void {
  for (let m = 0; m < outputs; m++) {
    const s = dot(x, taps, 4 * count);
    const pair = f32x4.add(s, i8x16.shuffle(s, s, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    store<f32>(y, f32x4.extract_lane(pair, 0) + f32x4.extract_lane(pair, 1));
    y += 4;
    x += 4 * decimation;
  }
}

export function firIq(x: usize, taps: usize, count: i32, decimation: i32, outputs: i32, y: usize): void {
  for (let m = 0; m < outputs; m++) {
    const s = dot(x, taps, 8 * count);
    v128.store64_lane(y, f32x4.add(s, i8x16.shuffle(s, s, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)), 0);
    y += 8;
    x += 8 * decimation;
  }
}

export function firIqComplex(x: usize, taps: usize, count: i32, decimation: i32, outputs: i32, y: usize): void {
  const bytes = 8 * count;
  const imaginary = taps + bytes;
  const sign = f32x4(-1, 1, -1, 1);
  for (let m = 0; m < outputs; m++) {
    let a = f32x4.splat(0);
    let b = f32x4.splat(0);
    let c = f32x4.splat(0);
    let d = f32x4.splat(0);
    for (let j = 0; j < bytes; j += 32) {
      const u = v128.load(x + j);
      const v = v128.load(x + j, 16);
      a = f32x4.add(a, f32x4.mul(u, v128.load(taps + j)));
      b = f32x4.add(b, f32x4.mul(u, v128.load(imaginary + j)));
      c = f32x4.add(c, f32x4.mul(v, v128.load(taps + j, 16)));
      d = f32x4.add(d, f32x4.mul(v, v128.load(imaginary + j, 16)));
    }
    a = f32x4.add(a, c);
    b = f32x4.add(b, d);
    // b holds h_im·[re im …]: swapped within each pair, and the real part subtracted.
    const swapped = i8x16.shuffle(b, b, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
    const s = f32x4.add(a, f32x4.mul(swapped, sign));
    v128.store64_lane(y, f32x4.add(s, i8x16.shuffle(s, s, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)), 0);
    y += 8;
    x += 8 * decimation;
  }
}

export function rotate(iq: usize, count: i32, phasor: usize): void {
  const stepRe = load<f64>(phasor, 16);
  const stepIm = load<f64>(phasor, 24);
  let re = load<f64>(phasor);
  let im = load<f64>(phasor, 8);
  const end = iq + 8 * count;
  for (; iq < end; iq += 8) {
    const a = <f64>load<f32>(iq);
    const b = <f64>load<f32>(iq, 4);
    store<f32>(iq, <f32>(a * re - b * im));
    store<f32>(iq, <f32>(a * im + b * re), 4);
    const turned = re * stepRe - im * stepIm;
    im = re * stepIm + im * stepRe;
    re = turned;
  }
  store<f64>(phasor, re);
  store<f64>(phasor, im, 8);
}

// @ts-ignore: decorator
@inline
function butterflies(now: usize, then: usize, branch: v128, combinations: usize, group: i32): u64 {
  const p = v128.load(now + 32 * group);
  const q = v128.load(now + 32 * group, 16);
  const even = i8x16.shuffle(p, q, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
  const odd = i8x16.shuffle(p, q, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  const m = i8x16.swizzle(branch, v128.load(combinations + 16 * group));
  const a = i32x4.add(even, m);
  const b = i32x4.sub(odd, m);
  const c = i32x4.sub(even, m);
  const d = i32x4.add(odd, m);
  v128.store(then + 16 * group, i32x4.max_s(a, b));
  v128.store(then + 16 * group, i32x4.max_s(c, d), 128);
  const low = <u64>i32x4.bitmask(i32x4.gt_s(b, a));
  const high = <u64>i32x4.bitmask(i32x4.gt_s(d, c));
  return (low | (high << 32)) << (4 * group);
}

export function addCompareSelect(branches: usize, combinations: usize, metrics: usize, steps: i32, decisions: usize): void {
  let now = metrics;
  let then = metrics + 256;
  for (let step = 0; step < steps; step++) {
    const branch = v128.load(branches);
    let chosen = butterflies(now, then, branch, combinations, 0);
    chosen |= butterflies(now, then, branch, combinations, 1);
    chosen |= butterflies(now, then, branch, combinations, 2);
    chosen |= butterflies(now, then, branch, combinations, 3);
    chosen |= butterflies(now, then, branch, combinations, 4);
    chosen |= butterflies(now, then, branch, combinations, 5);
    chosen |= butterflies(now, then, branch, combinations, 6);
    chosen |= butterflies(now, then, branch, combinations, 7);
    store<u64>(decisions, chosen);
    branches += 16;
    decisions += 8;
    const swap = now;
    now = then;
    then = swap;
  }
  if (steps & 1) memory.copy(metrics, metrics + 256, 256);
}

export { cpmCorrelate, cpmDetect } from './cpm';
export { cpmJoint } from './joint';
export { latticeBackward, latticeForward } from './lattice';
export { cpmWords } from './words';
