// Known words as waveforms at every symbol, four positions at a time; contract in ../cpm.ts, plain twin in ../plain-words.ts.

import { size } from './lanes';

/** Symbols of a group and of a segment of three groups; frequency hypotheses to each side. */
const group: i32 = 7;
const segment: i32 = 21;
const sides: i32 = 4;
const hypotheses: i32 = 2 * sides + 1;

/** Powers 0 to 20 of cos − j sin, as re and im, 32 bytes each. */
function powers(cos: v128, sin: v128, to: usize): void {
  let re = f32x4.splat(1);
  let im = f32x4.splat(0);
  for (const end = to + 32 * segment; to < end; to += 32) {
    v128.store(to, re);
    v128.store(to, im, 16);
    const t = f32x4.add(f32x4.mul(re, cos), f32x4.mul(im, sin));
    im = f32x4.sub(f32x4.mul(im, cos), f32x4.mul(re, sin));
    re = t;
  }
}

/** Sums of a segment's three groups, re and im, to `sums`. */
// @ts-ignore: decorator
@inline
function groups(z: usize, imaginary: usize, entries: usize, turns: usize, sums: usize): void {
  for (let g = 0; g < 3; g++) {
    let sumRe = f32x4.splat(0);
    let sumIm = f32x4.splat(0);
    for (const end = entries + 16 * group; entries < end; entries += 16, turns += 32) {
      const at = z + load<u32>(entries);
      const c = v128.load32_splat(entries, 4);
      const s = v128.load32_splat(entries, 8);
      const a = v128.load(at);
      const b = v128.load(at + imaginary);
      const re = f32x4.sub(f32x4.mul(a, c), f32x4.mul(b, s));
      const im = f32x4.add(f32x4.mul(a, s), f32x4.mul(b, c));
      const tr = v128.load(turns);
      const ti = v128.load(turns, 16);
      sumRe = f32x4.add(sumRe, f32x4.sub(f32x4.mul(re, tr), f32x4.mul(im, ti)));
      sumIm = f32x4.add(sumIm, f32x4.add(f32x4.mul(re, ti), f32x4.mul(im, tr)));
    }
    v128.store(sums + 32 * g, sumRe);
    v128.store(sums + 32 * g, sumIm, 16);
  }
}

/** |S₀ + S₁r + S₂r²| of every r = e^{−jvφ}, v = −4 … 4, to `to`; v and −v share their products. */
// @ts-ignore: decorator
@inline
function sizes(sums: usize, steps: usize, to: usize): void {
  const re0 = v128.load(sums);
  const im0 = v128.load(sums, 16);
  const re1 = v128.load(sums, 32);
  const im1 = v128.load(sums, 48);
  const re2 = v128.load(sums, 64);
  const im2 = v128.load(sums, 80);
  const middle = to + 16 * sides;
  v128.store(middle, size(f32x4.add(re0, f32x4.add(re1, re2)), f32x4.add(im0, f32x4.add(im1, im2))));
  for (let v = 1; v <= sides; v++) {
    const c1 = v128.load32_splat(steps);
    const s1 = v128.load32_splat(steps, 4);
    const c2 = v128.load32_splat(steps, 8);
    const s2 = v128.load32_splat(steps, 12);
    const a = f32x4.add(re0, f32x4.add(f32x4.mul(re1, c1), f32x4.mul(re2, c2)));
    const b = f32x4.add(im0, f32x4.add(f32x4.mul(im1, c1), f32x4.mul(im2, c2)));
    const c = f32x4.add(f32x4.mul(re1, s1), f32x4.mul(re2, s2));
    const d = f32x4.add(f32x4.mul(im1, s1), f32x4.mul(im2, s2));
    v128.store(middle + 16 * v, size(f32x4.add(a, d), f32x4.sub(b, c)));
    v128.store(middle - 16 * v, size(f32x4.sub(a, d), f32x4.add(b, c)));
    steps += 16;
  }
}

export function cpmWords(z: usize, row: usize, positions: i32, centres: usize, book: usize, work: usize, best: usize, which: usize): void {
  const segments = load<i32>(book);
  const words = load<i32>(book, 4);
  const perWord = load<i32>(book, 8);
  const steps = book + 16;
  const lists = steps + 16 * sides;
  const entries = lists + 4 * ((words * perWord + 3) & ~3);
  const sums = work + 32 * segment;
  const all = sums + 96;
  for (let q = 0; q < positions; q += 4) {
    powers(v128.load(centres + 8 * q), v128.load(centres + 8 * q, 16), work);
    for (let s = 0; s < segments; s++) {
      groups(z + 4 * q, 8 * row, entries + 16 * segment * s, work, sums);
      sizes(sums, steps, all + 16 * hypotheses * s);
    }
    let top = f32x4.splat(0);
    let at = i32x4.splat(0);
    for (let w = 0; w < words; w++)
      for (let v = 0; v < hypotheses; v++) {
        let sum = f32x4.splat(0);
        for (let s = 0; s < perWord; s++)
          sum = f32x4.add(sum, v128.load(all + 16 * (hypotheses * load<i32>(lists + 4 * (w * perWord + s)) + v)));
        const better = f32x4.gt(sum, top);
        top = v128.bitselect(sum, top, better);
        at = v128.bitselect(i32x4.splat(w * hypotheses + v), at, better);
      }
    v128.store(best + 4 * q, top);
    v128.store(which + 4 * q, at);
  }
}
