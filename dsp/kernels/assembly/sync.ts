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
