// Forward–backward detection on a lattice of sixteen phases; contract in ../cpm.ts, plain twin in ../plain-lattice.ts.

/** Nothing is less likely than this: keeps sums from 0, and products out of the range where processors are slow. */
const least: f32 = 1e-12;

/** Spreads a state's 16 phases at `at` to their neighbours. */
// @ts-ignore: decorator
@inline
function spreadPhases(at: usize, to: usize, keep: v128, side: v128, scale: v128): void {
  const a = v128.load(at);
  const b = v128.load(at, 16);
  const c = v128.load(at, 32);
  const d = v128.load(at, 48);
  const floor = f32x4.splat(least);
  v128.store(to, f32x4.max(floor, f32x4.mul(scale, mixed(d, a, b, keep, side))));
  v128.store(to, f32x4.max(floor, f32x4.mul(scale, mixed(a, b, c, keep, side))), 16);
  v128.store(to, f32x4.max(floor, f32x4.mul(scale, mixed(b, c, d, keep, side))), 32);
  v128.store(to, f32x4.max(floor, f32x4.mul(scale, mixed(c, d, a, keep, side))), 48);
}

// @ts-ignore: decorator
@inline
function mixed(before: v128, here: v128, behind: v128, keep: v128, side: v128): v128 {
  const sides = f32x4.add(v128.shuffle<f32>(before, here, 3, 4, 5, 6), v128.shuffle<f32>(here, behind, 1, 2, 3, 4));
  return f32x4.add(f32x4.mul(keep, here), f32x4.mul(side, sides));
}

/** Sum of four lanes, in all of them. */
// @ts-ignore: decorator
@inline
function across(x: v128): v128 {
  const pairs = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.add(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2));
}

/** What comes to state 2·bit + next from the states `bit` and, turned, 2 + bit: `prior`·(f·l + turned f·l). Returns its sum. */
// @ts-ignore: decorator
@inline
function joinedState(from: usize, l: usize, bit: usize, next: usize, prior: v128, shift: usize, work: usize): v128 {
  const f0 = from + 64 * bit;
  const f1 = from + 64 * (2 + bit);
  const l0 = l + 64 * (2 * bit + next);
  const l1 = l + 64 * (4 + 2 * bit + next);
  const to = work + 64 * (2 * bit + next);
  const twice = work + 256;
  for (let q: usize = 0; q < 64; q += 16) {
    const x = f32x4.mul(v128.load(f1 + q), v128.load(l1 + q));
    v128.store(twice + q, x);
    v128.store(twice + q, x, 64);
  }
  let sum = f32x4.splat(0);
  for (let q: usize = 0; q < 64; q += 16) {
    const straight = f32x4.mul(v128.load(f0 + q), v128.load(l0 + q));
    const x = f32x4.mul(prior, f32x4.add(straight, v128.load(twice + 64 - shift + q)));
    v128.store(to + q, x);
    sum = f32x4.add(sum, x);
  }
  return sum;
}

export function latticeForward(
  likelihoods: usize, priors: usize, count: i32, turn: i32, spread: f32, states: usize, work: usize,
): void {
  const keep = f32x4.splat(1 - 2 * spread);
  const side = f32x4.splat(spread);
  const one = f32x4.splat(1);
  const shift = <usize>(4 * turn);
  for (let k = 0; k < count; k++) {
    const p0 = v128.load32_splat(priors);
    const p1 = v128.load32_splat(priors, 4);
    let sum = joinedState(states, likelihoods, 0, 0, p0, shift, work);
    sum = f32x4.add(sum, joinedState(states, likelihoods, 0, 1, p0, shift, work));
    sum = f32x4.add(sum, joinedState(states, likelihoods, 1, 0, p1, shift, work));
    sum = f32x4.add(sum, joinedState(states, likelihoods, 1, 1, p1, shift, work));
    const scale = f32x4.div(one, across(sum));
    states += 256;
    for (let s: usize = 0; s < 256; s += 64) spreadPhases(work + s, states + s, keep, side, scale);
    likelihoods += 512;
    priors += 8;
  }
}

/** Before a symbol from behind it, of state `s` = 2·oldest + bit. Returns the sum of forward × backward without the prior. */
// @ts-ignore: decorator
@inline
function ledFrom(s: usize, l: usize, later: usize, prior: v128, shift: usize, forward: usize, to: usize): v128 {
  const bit = s & 1;
  const next0 = later + 128 * (2 * bit) + (s & 2 ? shift : 0);
  const next1 = next0 + 128;
  const l0 = l + 128 * s;
  let sum = f32x4.splat(0);
  for (let q: usize = 0; q < 64; q += 16) {
    const x = f32x4.add(
      f32x4.mul(v128.load(l0 + q), v128.load(next0 + q)),
      f32x4.mul(v128.load(l0 + q, 64), v128.load(next1 + q)),
    );
    sum = f32x4.add(sum, f32x4.mul(v128.load(forward + 64 * s + q), x));
    v128.store(to + 64 * s + q, f32x4.mul(prior, x));
  }
  return sum;
}

export function latticeBackward(
  likelihoods: usize, priors: usize, count: i32, turn: i32, spread: f32, states: usize, state: usize, work: usize, sums: usize,
): void {
  const keep = f32x4.splat(1 - 2 * spread);
  const side = f32x4.splat(spread);
  const one = f32x4.splat(1);
  const shift = <usize>(4 * turn);
  for (let k = <usize>count; k-- > 0; ) {
    let total = f32x4.splat(0);
    for (let s: usize = 0; s < 256; s += 16) total = f32x4.add(total, v128.load(state + s));
    const scale = f32x4.div(one, across(total));
    // Each state's phases twice, so that a turned reading needs no seam.
    for (let s: usize = 0; s < 4; s++) {
      spreadPhases(state + 64 * s, work + 128 * s, keep, side, scale);
      for (let q: usize = 0; q < 64; q += 16) v128.store(work + 128 * s + q, v128.load(work + 128 * s + q), 64);
    }
    const l = likelihoods + 512 * k;
    const f = states + 256 * k;
    const p0 = v128.load32_splat(priors + 8 * k);
    const p1 = v128.load32_splat(priors + 8 * k, 4);
    const zero = f32x4.add(ledFrom(0, l, work, p0, shift, f, state), ledFrom(2, l, work, p0, shift, f, state));
    const ones = f32x4.add(ledFrom(1, l, work, p1, shift, f, state), ledFrom(3, l, work, p1, shift, f, state));
    store<f32>(sums + 8 * k, f32x4.extract_lane(across(zero), 0));
    store<f32>(sums + 8 * k, f32x4.extract_lane(across(ones), 0), 4);
  }
}
