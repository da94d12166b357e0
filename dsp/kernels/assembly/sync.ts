// Inner loops of the synchronisers. Their contracts are in ../kernels.ts, their plain twins in ../plain-sync.ts.
import { even, odd, productIm, productRe, storePairs } from './lanes';

export function squareWindowed(x: usize, window: usize, count: i32, y: usize): void {
  const end = x + 8 * count;
  for (; x < end; x += 32) {
    const low = v128.load(x);
    const high = v128.load(x, 16);
    const re = even(low, high);
    const im = odd(low, high);
    const w = v128.load(window);
    const cross = f32x4.mul(re, im);
    storePairs(
      y,
      f32x4.mul(w, f32x4.sub(f32x4.mul(re, re), f32x4.mul(im, im))),
      f32x4.mul(w, f32x4.add(cross, cross)),
    );
    window += 16;
    y += 32;
  }
}

export function turn(x: usize, by: usize, count: i32, y: usize): void {
  const end = x + 8 * count;
  for (; x < end; x += 32) {
    let low = v128.load(x);
    let high = v128.load(x, 16);
    const re = even(low, high);
    const im = odd(low, high);
    low = v128.load(by);
    high = v128.load(by, 16);
    const cosine = even(low, high);
    const sine = odd(low, high);
    storePairs(y, productRe(re, im, cosine, sine), productIm(re, im, cosine, sine));
    by += 32;
    y += 32;
  }
}

export function powers(x: usize, count: i32, y: usize): void {
  const end = x + 8 * count;
  for (; x < end; x += 32) {
    const low = v128.load(x);
    const high = v128.load(x, 16);
    const re = even(low, high);
    const im = odd(low, high);
    v128.store(y, f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im)));
    y += 16;
  }
}

export function lagLines(x: usize, lag: i32, turns: usize, count: i32, sums: usize): void {
  const end = x + 8 * count;
  const back: usize = 8 * lag;
  const sine: usize = 4 * count;
  let zRe = f32x4.splat(0);
  let zIm = f32x4.splat(0);
  let cRe = f32x4.splat(0);
  let cIm = f32x4.splat(0);
  let sRe = f32x4.splat(0);
  let sIm = f32x4.splat(0);
  for (; x < end; x += 32) {
    let low = v128.load(x);
    let high = v128.load(x, 16);
    const a = even(low, high);
    const b = odd(low, high);
    low = v128.load(x - back);
    high = v128.load(x - back, 16);
    const e = even(low, high);
    const f = odd(low, high);
    const re = f32x4.add(f32x4.mul(a, e), f32x4.mul(b, f));
    const im = f32x4.sub(f32x4.mul(b, e), f32x4.mul(a, f));
    const c = v128.load(turns);
    const s = v128.load(turns + sine);
    zRe = f32x4.add(zRe, re);
    zIm = f32x4.add(zIm, im);
    cRe = f32x4.add(cRe, f32x4.mul(re, c));
    cIm = f32x4.add(cIm, f32x4.mul(im, c));
    sRe = f32x4.add(sRe, f32x4.mul(re, s));
    sIm = f32x4.add(sIm, f32x4.mul(im, s));
    turns += 16;
  }
  store<f64>(sums, total(zRe));
  store<f64>(sums, total(zIm), 8);
  store<f64>(sums, total(cRe), 16);
  store<f64>(sums, total(cIm), 24);
  store<f64>(sums, total(sRe), 32);
  store<f64>(sums, total(sIm), 40);
}

// @ts-ignore: decorator
@inline
function total(v: v128): f64 {
  return (
    <f64>f32x4.extract_lane(v, 0) +
    <f64>f32x4.extract_lane(v, 1) +
    (<f64>f32x4.extract_lane(v, 2) + <f64>f32x4.extract_lane(v, 3))
  );
}

// arctan t = t·P(t²) for 0 ≤ t ≤ 1: the polynomial of least greatest error, 4·10⁻⁸ rad.
const a0: f32 = 0.99999933557834;
const a1: f32 = -0.33329860784331;
const a2: f32 = 0.199465656512879;
const a3: f32 = -0.1390862954992035;
const a4: f32 = 0.0964219732792564;
const a5: f32 = -0.0559123267682602;
const a6: f32 = 0.0218629578747848;
const a7: f32 = -0.0040545672133237;

// @ts-ignore: decorator
@inline
function step(sum: v128, square: v128, coefficient: f32): v128 {
  return f32x4.add(f32x4.mul(sum, square), f32x4.splat(coefficient));
}

/** Angles of four complex values, 0 for 0. */
// @ts-ignore: decorator
@inline
function angles(re: v128, im: v128): v128 {
  const x = f32x4.abs(re);
  const y = f32x4.abs(im);
  const most = f32x4.max(f32x4.max(x, y), f32x4.splat(<f32>1e-37));
  const t = f32x4.div(f32x4.min(x, y), most);
  const square = f32x4.mul(t, t);
  let p = f32x4.splat(a7);
  p = step(p, square, a6);
  p = step(p, square, a5);
  p = step(p, square, a4);
  p = step(p, square, a3);
  p = step(p, square, a2);
  p = step(p, square, a1);
  p = step(p, square, a0);
  p = f32x4.mul(p, t);
  p = v128.bitselect(f32x4.sub(f32x4.splat(<f32>1.5707963267948966), p), p, f32x4.gt(y, x));
  p = v128.bitselect(f32x4.sub(f32x4.splat(<f32>3.141592653589793), p), p, f32x4.lt(re, f32x4.splat(0)));
  return v128.or(p, v128.and(im, i32x4.splat(0x80000000)));
}

export function phaseSteps(x: usize, count: i32, scale: f32, y: usize): void {
  const factor = f32x4.splat(scale);
  const end = x + 8 * count;
  for (; x < end; x += 32) {
    let low = v128.load(x);
    let high = v128.load(x, 16);
    const a = even(low, high);
    const b = odd(low, high);
    low = v128.load(x - 8);
    high = v128.load(x + 8);
    const e = even(low, high);
    const f = odd(low, high);
    const re = f32x4.add(f32x4.mul(a, e), f32x4.mul(b, f));
    const im = f32x4.sub(f32x4.mul(b, e), f32x4.mul(a, f));
    v128.store(y, f32x4.mul(factor, angles(re, im)));
    y += 16;
  }
}

export function turnFrom(x: usize, by: usize, re: f32, im: f32, count: i32, y: usize): void {
  const startRe = f32x4.splat(re);
  const startIm = f32x4.splat(im);
  const end = x + 8 * count;
  for (; x < end; x += 32) {
    let low = v128.load(by);
    let high = v128.load(by, 16);
    let c = even(low, high);
    let s = odd(low, high);
    const cosine = productRe(startRe, startIm, c, s);
    const sine = productIm(startRe, startIm, c, s);
    low = v128.load(x);
    high = v128.load(x, 16);
    c = even(low, high);
    s = odd(low, high);
    storePairs(y, productRe(c, s, cosine, sine), productIm(c, s, cosine, sine));
    by += 32;
    y += 32;
  }
}

// Bit for bit the plain twin, because a hop comes in pieces: samples one after the other, frequencies side by side.
export function lineSums(z: usize, count: i32, lines: usize, frequencies: i32): void {
  const end = z + 4 * count;
  for (let f = 0; f < frequencies; f += 4) {
    const other = lines + 96;
    const stepRe0 = v128.load(lines);
    const stepIm0 = v128.load(lines, 16);
    let re0 = v128.load(lines, 32);
    let im0 = v128.load(lines, 48);
    let sumRe0 = v128.load(lines, 64);
    let sumIm0 = v128.load(lines, 80);
    const stepRe1 = v128.load(other);
    const stepIm1 = v128.load(other, 16);
    let re1 = v128.load(other, 32);
    let im1 = v128.load(other, 48);
    let sumRe1 = v128.load(other, 64);
    let sumIm1 = v128.load(other, 80);
    for (let at = z; at < end; at += 4) {
      const v = f64x2.splat(<f64>load<f32>(at));
      sumRe0 = f64x2.add(sumRe0, f64x2.mul(v, re0));
      sumIm0 = f64x2.add(sumIm0, f64x2.mul(v, im0));
      sumRe1 = f64x2.add(sumRe1, f64x2.mul(v, re1));
      sumIm1 = f64x2.add(sumIm1, f64x2.mul(v, im1));
      const turned0 = f64x2.sub(f64x2.mul(re0, stepRe0), f64x2.mul(im0, stepIm0));
      im0 = f64x2.add(f64x2.mul(re0, stepIm0), f64x2.mul(im0, stepRe0));
      re0 = turned0;
      const turned1 = f64x2.sub(f64x2.mul(re1, stepRe1), f64x2.mul(im1, stepIm1));
      im1 = f64x2.add(f64x2.mul(re1, stepIm1), f64x2.mul(im1, stepRe1));
      re1 = turned1;
    }
    v128.store(lines, re0, 32);
    v128.store(lines, im0, 48);
    v128.store(lines, sumRe0, 64);
    v128.store(lines, sumIm0, 80);
    v128.store(other, re1, 32);
    v128.store(other, im1, 48);
    v128.store(other, sumRe1, 64);
    v128.store(other, sumIm1, 80);
    lines += 192;
  }
}
