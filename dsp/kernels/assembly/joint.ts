// Trellis of a K = 7 code on continuous-phase modulation; contract in ../cpm.ts, plain twin in ../plain-joint.ts.

import { highTwice, lowTwice, size } from './lanes';

const record: usize = 192;

/** Of 8 floats those that `low` and `high` point to: a byte index ≥ 16 picks nothing. */
// @ts-ignore: decorator
@inline
function pick(eight: usize, low: v128, high: v128): v128 {
  return v128.or(i8x16.swizzle(v128.load(eight), low), i8x16.swizzle(v128.load(eight, 16), high));
}

/** e^{jψ₁} of each kind of branch, and α·e^{j(ψ₁ + ψ₂)}. */
function turnKinds(kinds: usize, count: i32, alpha: v128, turns: usize): void {
  for (const end = kinds + record * count; kinds < end; kinds += record) {
    const c1 = pick(turns, v128.load(kinds), v128.load(kinds, 16));
    const s1 = pick(turns + 32, v128.load(kinds), v128.load(kinds, 16));
    const c2 = pick(turns, v128.load(kinds, 32), v128.load(kinds, 48));
    const s2 = pick(turns + 32, v128.load(kinds, 32), v128.load(kinds, 48));
    v128.store(kinds, c1, 64);
    v128.store(kinds, s1, 80);
    v128.store(kinds, f32x4.mul(alpha, f32x4.sub(f32x4.mul(c1, c2), f32x4.mul(s1, s2))), 96);
    v128.store(kinds, f32x4.mul(alpha, f32x4.add(f32x4.mul(c1, s2), f32x4.mul(s1, c2))), 112);
  }
}

/** Correlations of each kind of branch with this step's intervals; the second's turned back by the first's ψ₁. */
// @ts-ignore: decorator
@inline
function correlateKinds(kinds: usize, count: i32, z: usize): void {
  for (const end = kinds + record * count; kinds < end; kinds += record) {
    const low1 = v128.load(kinds);
    const high1 = v128.load(kinds, 16);
    const low2 = v128.load(kinds, 32);
    const high2 = v128.load(kinds, 48);
    const c = v128.load(kinds, 64);
    const s = v128.load(kinds, 80);
    const a = pick(z + 64, low2, high2);
    const b = pick(z + 96, low2, high2);
    v128.store(kinds, pick(z, low1, high1), 128);
    v128.store(kinds, pick(z + 32, low1, high1), 144);
    v128.store(kinds, f32x4.add(f32x4.mul(a, c), f32x4.mul(b, s)), 160);
    v128.store(kinds, f32x4.sub(f32x4.mul(b, c), f32x4.mul(a, s)), 176);
  }
}

/** Four new states at `to` from two and two old ones, each given twice; returns which came from the second two. */
// @ts-ignore: decorator
@inline
function branch(
  pot0: v128, re0: v128, im0: v128, kind0: usize, pot1: v128, re1: v128, im1: v128, kind1: usize,
  alpha: v128, rest: v128, to: usize,
): u32 {
  const x0 = f32x4.add(re0, v128.load(kind0, 128));
  const y0 = f32x4.add(im0, v128.load(kind0, 144));
  const x1 = f32x4.add(re1, v128.load(kind1, 128));
  const y1 = f32x4.add(im1, v128.load(kind1, 144));
  const first0 = size(x0, y0);
  const first1 = size(x1, y1);
  const u0 = f32x4.add(f32x4.mul(alpha, x0), v128.load(kind0, 160));
  const v0 = f32x4.add(f32x4.mul(alpha, y0), v128.load(kind0, 176));
  const u1 = f32x4.add(f32x4.mul(alpha, x1), v128.load(kind1, 160));
  const v1 = f32x4.add(f32x4.mul(alpha, y1), v128.load(kind1, 176));
  const size0 = size(u0, v0);
  const size1 = size(u1, v1);
  const m0 = f32x4.add(f32x4.add(pot0, f32x4.mul(rest, first0)), size0);
  const m1 = f32x4.add(f32x4.add(pot1, f32x4.mul(rest, first1)), size1);
  const second = f32x4.gt(m1, m0);
  const u = v128.bitselect(u1, u0, second);
  const v = v128.bitselect(v1, v0, second);
  const c = v128.bitselect(v128.load(kind1, 96), v128.load(kind0, 96), second);
  const s = v128.bitselect(v128.load(kind1, 112), v128.load(kind0, 112), second);
  v128.store(to, f32x4.sub(v128.bitselect(m1, m0, second), f32x4.mul(alpha, v128.bitselect(size1, size0, second))));
  v128.store(to, f32x4.sub(f32x4.mul(u, c), f32x4.mul(v, s)), 512);
  v128.store(to, f32x4.add(f32x4.mul(u, s), f32x4.mul(v, c)), 1024);
  return i32x4.bitmask(second);
}

/** Metrics relative to the greatest. */
function normalise(pot: usize): void {
  let top = v128.load(pot);
  for (let i = 16; i < 512; i += 16) top = f32x4.max(top, v128.load(pot + i));
  top = f32x4.max(top, v128.shuffle<f32>(top, top, 2, 3, 0, 1));
  top = f32x4.max(top, v128.shuffle<f32>(top, top, 1, 0, 3, 2));
  for (let i = 0; i < 512; i += 16) v128.store(pot + i, f32x4.sub(v128.load(pot + i), top));
}

export function cpmJoint(
  z: usize, steps: i32, factor: f32, turns: usize, kinds: usize, count: i32, groups: usize, state: usize, decisions: usize,
): void {
  const alpha = f32x4.splat(factor);
  const rest = f32x4.sub(f32x4.splat(1), alpha);
  turnKinds(kinds, count, alpha, turns);
  let now = state;
  let then = state + 1536;
  for (let step = 0; step < steps; step++) {
    correlateKinds(kinds, count, z);
    // Old states 4j to 4j + 3 and those 64 above lead to 8j to 8j + 7.
    for (let j = 0; j < 16; j++) {
      const from = now + 16 * j;
      const pot0 = v128.load(from);
      const pot1 = v128.load(from, 256);
      const re0 = v128.load(from, 512);
      const re1 = v128.load(from, 768);
      const im0 = v128.load(from, 1024);
      const im1 = v128.load(from, 1280);
      const group = groups + 16 * j;
      const low = branch(
        lowTwice(pot0), lowTwice(re0), lowTwice(im0), kinds + load<u32>(group),
        lowTwice(pot1), lowTwice(re1), lowTwice(im1), kinds + load<u32>(group, 4),
        alpha, rest, then + 32 * j,
      );
      const high = branch(
        highTwice(pot0), highTwice(re0), highTwice(im0), kinds + load<u32>(group, 8),
        highTwice(pot1), highTwice(re1), highTwice(im1), kinds + load<u32>(group, 12),
        alpha, rest, then + 32 * j + 16,
      );
      store<u8>(decisions + j, <u8>(low | (high << 4)));
    }
    if ((step & 15) == 15) normalise(then);
    z += 128;
    decisions += 16;
    const swap = now;
    now = then;
    then = swap;
  }
  normalise(now);
  if (steps & 1) memory.copy(state, state + 1536, 1536);
}
