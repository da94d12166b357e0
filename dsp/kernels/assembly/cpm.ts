// Detection of continuous-phase modulation. Vectors hold four states or four patterns; what a state's number says of its
// predecessors and its patterns becomes a shuffle. The plain twins, with the contracts, are in ../plain-cpm.ts and ../cpm.ts.

import { highTwice, lowTwice, size } from './lanes';

export function cpmCorrelate(r: usize, wave: usize, count: i32, z: usize): void {
  const end = z + 64 * count;
  for (; z < end; z += 64, r += 32) {
    let re0 = f32x4.splat(0);
    let re1 = f32x4.splat(0);
    let im0 = f32x4.splat(0);
    let im1 = f32x4.splat(0);
    for (let i = 0; i < 4; i++) {
      const a = v128.load32_splat(r + 8 * i);
      const b = v128.load32_splat(r + 8 * i, 4);
      const c0 = v128.load(wave + 64 * i);
      const c1 = v128.load(wave + 64 * i, 16);
      const s0 = v128.load(wave + 64 * i, 32);
      const s1 = v128.load(wave + 64 * i, 48);
      re0 = f32x4.add(re0, f32x4.add(f32x4.mul(a, c0), f32x4.mul(b, s0)));
      re1 = f32x4.add(re1, f32x4.add(f32x4.mul(a, c1), f32x4.mul(b, s1)));
      im0 = f32x4.add(im0, f32x4.sub(f32x4.mul(b, c0), f32x4.mul(a, s0)));
      im1 = f32x4.add(im1, f32x4.sub(f32x4.mul(b, c1), f32x4.mul(a, s1)));
    }
    v128.store(z, re0);
    v128.store(z, re1, 16);
    v128.store(z, im0, 32);
    v128.store(z, im1, 48);
  }
}

/** conj(z·e^{jψ}) of the 8 patterns read backwards: what the reversed conjugate signal's correlators would give. */
function reverse(z: usize, count: i32, turns: usize, to: usize): void {
  const c0 = v128.load(turns);
  const c1 = v128.load(turns, 16);
  const d0 = v128.load(turns, 32);
  const d1 = v128.load(turns, 48);
  const end = z + 64 * count;
  for (; z < end; z += 64, to += 64) {
    const a0 = v128.load(z);
    const a1 = v128.load(z, 16);
    const b0 = v128.load(z, 32);
    const b1 = v128.load(z, 48);
    const re0 = f32x4.sub(f32x4.mul(a0, c0), f32x4.mul(b0, d0));
    const re1 = f32x4.sub(f32x4.mul(a1, c1), f32x4.mul(b1, d1));
    const im0 = f32x4.neg(f32x4.add(f32x4.mul(a0, d0), f32x4.mul(b0, c0)));
    const im1 = f32x4.neg(f32x4.add(f32x4.mul(a1, d1), f32x4.mul(b1, c1)));
    v128.store(to, v128.shuffle<f32>(re0, re1, 0, 4, 2, 6));
    v128.store(to, v128.shuffle<f32>(re0, re1, 1, 5, 3, 7), 16);
    v128.store(to, v128.shuffle<f32>(im0, im1, 0, 4, 2, 6), 32);
    v128.store(to, v128.shuffle<f32>(im0, im1, 1, 5, 3, 7), 48);
  }
}

/** One symbol's recursion of 4 states (48 bytes) at `from` → `to`; `c`, `d` times α, of patterns 0 to 3 and 4 to 7. */
// @ts-ignore: decorator
@inline
function step4(z: usize, alpha: v128, c0: v128, c1: v128, d0: v128, d1: v128, from: usize, to: usize): void {
  const pot = v128.load(from);
  const re = v128.load(from, 16);
  const im = v128.load(from, 32);
  const x0 = f32x4.add(lowTwice(re), v128.load(z));
  const y0 = f32x4.add(lowTwice(im), v128.load(z, 32));
  const x1 = f32x4.add(highTwice(re), v128.load(z, 16));
  const y1 = f32x4.add(highTwice(im), v128.load(z, 48));
  const s0 = size(x0, y0);
  const s1 = size(x1, y1);
  const m0 = f32x4.add(lowTwice(pot), s0);
  const m1 = f32x4.add(highTwice(pot), s1);
  const second = f32x4.gt(m1, m0);
  const x = v128.bitselect(x1, x0, second);
  const y = v128.bitselect(y1, y0, second);
  const c = v128.bitselect(c1, c0, second);
  const d = v128.bitselect(d1, d0, second);
  const m = v128.bitselect(m1, m0, second);
  // Metrics are kept relative to the first state's, or they would outgrow a float.
  const loss = f32x4.add(f32x4.mul(alpha, v128.bitselect(s1, s0, second)), v128.shuffle<f32>(m, m, 0, 0, 0, 0));
  v128.store(to, f32x4.sub(m, loss));
  v128.store(to, f32x4.sub(f32x4.mul(x, c), f32x4.mul(y, d)), 16);
  v128.store(to, f32x4.add(f32x4.mul(x, d), f32x4.mul(y, c)), 32);
}

/** The same with 8 states (96 bytes): both ways into a state have the same pattern. */
// @ts-ignore: decorator
@inline
function step8(z: usize, alpha: v128, c0: v128, c1: v128, d0: v128, d1: v128, from: usize, to: usize): void {
  const potA = v128.load(from);
  const potB = v128.load(from, 16);
  const reA = v128.load(from, 32);
  const reB = v128.load(from, 48);
  const imA = v128.load(from, 64);
  const imB = v128.load(from, 80);
  const zr0 = v128.load(z);
  const zr1 = v128.load(z, 16);
  const zi0 = v128.load(z, 32);
  const zi1 = v128.load(z, 48);
  const x00 = f32x4.add(lowTwice(reA), zr0);
  const y00 = f32x4.add(lowTwice(imA), zi0);
  const x01 = f32x4.add(lowTwice(reB), zr0);
  const y01 = f32x4.add(lowTwice(imB), zi0);
  const x10 = f32x4.add(highTwice(reA), zr1);
  const y10 = f32x4.add(highTwice(imA), zi1);
  const x11 = f32x4.add(highTwice(reB), zr1);
  const y11 = f32x4.add(highTwice(imB), zi1);
  const s00 = size(x00, y00);
  const s01 = size(x01, y01);
  const s10 = size(x10, y10);
  const s11 = size(x11, y11);
  const m00 = f32x4.add(lowTwice(potA), s00);
  const m01 = f32x4.add(lowTwice(potB), s01);
  const m10 = f32x4.add(highTwice(potA), s10);
  const m11 = f32x4.add(highTwice(potB), s11);
  const second0 = f32x4.gt(m01, m00);
  const second1 = f32x4.gt(m11, m10);
  const m0 = v128.bitselect(m01, m00, second0);
  const m1 = v128.bitselect(m11, m10, second1);
  const x0 = v128.bitselect(x01, x00, second0);
  const y0 = v128.bitselect(y01, y00, second0);
  const x1 = v128.bitselect(x11, x10, second1);
  const y1 = v128.bitselect(y11, y10, second1);
  const first = v128.shuffle<f32>(m0, m0, 0, 0, 0, 0);
  v128.store(to, f32x4.sub(m0, f32x4.add(f32x4.mul(alpha, v128.bitselect(s01, s00, second0)), first)));
  v128.store(to, f32x4.sub(m1, f32x4.add(f32x4.mul(alpha, v128.bitselect(s11, s10, second1)), first)), 16);
  v128.store(to, f32x4.sub(f32x4.mul(x0, c0), f32x4.mul(y0, d0)), 32);
  v128.store(to, f32x4.sub(f32x4.mul(x1, c1), f32x4.mul(y1, d1)), 48);
  v128.store(to, f32x4.add(f32x4.mul(x0, d0), f32x4.mul(y0, c0)), 64);
  v128.store(to, f32x4.add(f32x4.mul(x1, d1), f32x4.mul(y1, c1)), 80);
}

/** Metrics of patterns with the states at `f` before and `g` behind: potentials, and the size of what both and z add up to. */
// @ts-ignore: decorator
@inline
function joined(fPot: v128, fRe: v128, fIm: v128, gPot: v128, x: v128, y: v128): v128 {
  return f32x4.add(f32x4.add(fPot, gPot), size(f32x4.add(fRe, x), f32x4.add(fIm, y)));
}

/** Metrics of the patterns 0 to 3 and 4 to 7 → likelihood ratio of the middle bit, and the likeliest pattern. */
// @ts-ignore: decorator
@inline
function decide(v0: v128, v1: v128, llr: usize, pattern: usize): void {
  const both = f32x4.max(v0, v1);
  const pair = f32x4.max(both, v128.shuffle<f32>(both, both, 1, 0, 3, 2));
  const zero = f32x4.extract_lane(pair, 0);
  const one = f32x4.extract_lane(pair, 2);
  store<f32>(llr, one - zero);
  const top = f32x4.splat(max<f32>(one, zero));
  const best = i32x4.bitmask(f32x4.eq(v0, top)) | (i32x4.bitmask(f32x4.eq(v1, top)) << 4);
  store<u8>(pattern, <u8>ctz(best | 128));
}

/** Symbols over which the phasors of both recursions are compared. */
const lockWindow: i32 = 32;

/** Sum of |αQ|² of all states at `count` boundaries from `at` on. */
function phasorPower(at: usize, count: i32): f32 {
  let sum = f32x4.splat(0);
  for (const end = at + 48 * count; at < end; at += 48) {
    const re = v128.load(at, 16);
    const im = v128.load(at, 32);
    sum = f32x4.add(sum, f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im)));
  }
  return (
    f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3)
  );
}

/** The states at `from` of one recursion as the other one's at `to`: their bits are in the other order, their phasors conjugate. */
// @ts-ignore: decorator
@inline
function turnAround(from: usize, to: usize): void {
  const pot = v128.load(from);
  const re = v128.load(from, 16);
  const im = v128.load(from, 32);
  v128.store(to, v128.shuffle<f32>(pot, pot, 0, 2, 1, 3));
  v128.store(to, v128.shuffle<f32>(re, re, 0, 2, 1, 3), 16);
  v128.store(to, f32x4.neg(v128.shuffle<f32>(im, im, 0, 2, 1, 3)), 32);
}

/** Forward states at `f`, where their phasors are much smaller than the backward ones, anew from these. */
function relockForward(
  z: usize, n: i32, relock: f32, alphas: v128, c0: v128, c1: v128, d0: v128, d1: v128, f: usize, g: usize,
): void {
  let stale = false;
  for (let from = 0; from < n; from += lockWindow) {
    const to = min(from + lockWindow, n);
    if (stale) for (let k = from; k < to; k++) step4(z + 64 * k, alphas, c0, c1, d0, d1, f + 48 * k, f + 48 * (k + 1));
    if (!(phasorPower(f + 48 * from, to - from) < relock * phasorPower(g + 48 * from, to - from))) continue;
    turnAround(g + 48 * from, f + 48 * from);
    for (let k = from; k < to; k++) step4(z + 64 * k, alphas, c0, c1, d0, d1, f + 48 * k, f + 48 * (k + 1));
    stale = true;
  }
}

/** And the other way round, from the last symbol on; `w` are the reversed correlations. */
function relockBackward(
  w: usize, n: i32, relock: f32, alphas: v128, c0: v128, c1: v128, d0: v128, d1: v128, f: usize, g: usize,
): void {
  let stale = false;
  for (let from = ((n - 1) / lockWindow) * lockWindow; from >= 0; from -= lockWindow) {
    const to = min(from + lockWindow, n);
    if (stale) for (let k = to - 1; k >= from; k--) step4(w + 64 * k, alphas, c0, c1, d0, d1, g + 48 * (k + 1), g + 48 * k);
    if (!(phasorPower(g + 48 * from, to - from) < relock * phasorPower(f + 48 * from, to - from))) continue;
    turnAround(f + 48 * to, g + 48 * to);
    for (let k = to - 1; k >= from; k--) step4(w + 64 * k, alphas, c0, c1, d0, d1, g + 48 * (k + 1), g + 48 * k);
    stale = true;
  }
}

export function cpmDetect(
  z: usize, n: i32, total: i32, states: i32, alpha: f32, turns: usize, state: usize, work: usize, llr: usize, pattern: usize, relock: f32,
): void {
  const alphas = f32x4.splat(alpha);
  const c0 = v128.load(turns);
  const c1 = v128.load(turns, 16);
  const d0 = v128.load(turns, 32);
  const d1 = v128.load(turns, 48);
  // With the memory's factor; and in the order of the reversed patterns.
  const e0 = f32x4.mul(alphas, c0);
  const e1 = f32x4.mul(alphas, c1);
  const h0 = f32x4.mul(alphas, d0);
  const h1 = f32x4.mul(alphas, d1);
  const re0 = v128.shuffle<f32>(e0, e1, 0, 4, 2, 6);
  const re1 = v128.shuffle<f32>(e0, e1, 1, 5, 3, 7);
  const rh0 = v128.shuffle<f32>(h0, h1, 0, 4, 2, 6);
  const rh1 = v128.shuffle<f32>(h0, h1, 1, 5, 3, 7);
  const bytes: usize = 12 * states;
  const f = work + 64 * total;
  const g = f + bytes * (total + 1);
  reverse(z, total, turns, work);
  memory.copy(f, state, bytes);
  memory.fill(g + bytes * total, 0, bytes);
  // Both recursions in one loop: each alone would wait for its own square roots.
  const w = work + 64 * (total - 1);
  const h = g + bytes * total;
  if (states == 4) {
    for (let k = 0; k < total; k++) {
      step4(w - 64 * k, alphas, re0, re1, rh0, rh1, h - 48 * k, h - 48 * (k + 1));
      if (k < n) step4(z + 64 * k, alphas, e0, e1, h0, h1, f + 48 * k, f + 48 * (k + 1));
    }
  } else {
    for (let k = 0; k < total; k++) {
      step8(w - 64 * k, alphas, re0, re1, rh0, rh1, h - 96 * k, h - 96 * (k + 1));
      if (k < n) step8(z + 64 * k, alphas, e0, e1, h0, h1, f + 96 * k, f + 96 * (k + 1));
    }
  }
  if (states == 4 && relock > 0) {
    relockForward(z, n, relock, alphas, e0, e1, h0, h1, f, g);
    relockBackward(work, n, relock, alphas, re0, re1, rh0, rh1, f, g);
  }
  memory.copy(state, f + bytes * n, bytes);
  // The backward phasor is that of the conjugate signal, behind the pattern: conj(Q)·e^{−jψ} joins z.
  for (let k = 0; k < n; k++) {
    const s = f + bytes * k;
    const t = g + bytes * (k + 1);
    const zr0 = v128.load(z + 64 * k);
    const zr1 = v128.load(z + 64 * k, 16);
    const zi0 = v128.load(z + 64 * k, 32);
    const zi1 = v128.load(z + 64 * k, 48);
    if (states == 4) {
      const pot = v128.load(t);
      const re = v128.load(t, 16);
      const im = v128.load(t, 32);
      const gPot = v128.shuffle<f32>(pot, pot, 0, 2, 1, 3);
      const gRe = v128.shuffle<f32>(re, re, 0, 2, 1, 3);
      const gIm = v128.shuffle<f32>(im, im, 0, 2, 1, 3);
      const fPot = v128.load(s);
      const fRe = v128.load(s, 16);
      const fIm = v128.load(s, 32);
      const x0 = joinRe(zr0, gRe, gIm, c0, d0);
      const y0 = joinIm(zi0, gRe, gIm, c0, d0);
      const x1 = joinRe(zr1, gRe, gIm, c1, d1);
      const y1 = joinIm(zi1, gRe, gIm, c1, d1);
      const v0 = joined(lowTwice(fPot), lowTwice(fRe), lowTwice(fIm), gPot, x0, y0);
      const v1 = joined(highTwice(fPot), highTwice(fRe), highTwice(fIm), gPot, x1, y1);
      decide(v0, v1, llr + 4 * k, pattern + k);
    } else {
      // The states' oldest bits, beyond the pattern, are free on both sides.
      let v0 = f32x4.splat(-Infinity);
      let v1 = f32x4.splat(-Infinity);
      for (let b = 0; b < 32; b += 16) {
        const pot = v128.load(t + b);
        const re = v128.load(t + b, 32);
        const im = v128.load(t + b, 64);
        const gPot = v128.shuffle<f32>(pot, pot, 0, 2, 1, 3);
        const gRe = v128.shuffle<f32>(re, re, 0, 2, 1, 3);
        const gIm = v128.shuffle<f32>(im, im, 0, 2, 1, 3);
        const x0 = joinRe(zr0, gRe, gIm, c0, d0);
        const y0 = joinIm(zi0, gRe, gIm, c0, d0);
        const x1 = joinRe(zr1, gRe, gIm, c1, d1);
        const y1 = joinIm(zi1, gRe, gIm, c1, d1);
        for (let a = 0; a < 32; a += 16) {
          const fPot = v128.load(s + a);
          const fRe = v128.load(s + a, 32);
          const fIm = v128.load(s + a, 64);
          v0 = f32x4.max(v0, joined(lowTwice(fPot), lowTwice(fRe), lowTwice(fIm), gPot, x0, y0));
          v1 = f32x4.max(v1, joined(highTwice(fPot), highTwice(fRe), highTwice(fIm), gPot, x1, y1));
        }
      }
      decide(v0, v1, llr + 4 * k, pattern + k);
    }
  }
}

/** z + conj(G)·e^{−jψ}, real part. */
// @ts-ignore: decorator
@inline
function joinRe(z: v128, gRe: v128, gIm: v128, c: v128, d: v128): v128 {
  return f32x4.add(z, f32x4.sub(f32x4.mul(gRe, c), f32x4.mul(gIm, d)));
}

// @ts-ignore: decorator
@inline
function joinIm(z: v128, gRe: v128, gIm: v128, c: v128, d: v128): v128 {
  return f32x4.sub(z, f32x4.add(f32x4.mul(gIm, c), f32x4.mul(gRe, d)));
}
