// Complex Fourier transform: Stockham's radix 4, which needs no bit reversal; the last pass is of radix 8 where the size is
// an odd power of two. Contract: `fft` in ../kernels.ts; twiddle factors: ../twiddles.ts. Between the passes complex
// values lie in groups of four, [re re re re im im im im], so that no pass but the first and the last shuffles lanes.
import { even, odd, productIm, productRe, storePairs } from './lanes';

/** The rows of a 4 × 4 matrix given by its columns, 32 bytes apart. */
// @ts-ignore: decorator
@inline
function storeRows(to: usize, a: v128, b: v128, c: v128, d: v128): void {
  const abLow = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cdLow = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(abLow, cdLow, 0, 1, 4, 5));
  v128.store(to, v128.shuffle<f32>(abLow, cdLow, 2, 3, 6, 7), 32);
  v128.store(to, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5), 64);
  v128.store(to, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7), 96);
}

export function fft(x: usize, size: i32, twiddles: usize, work: usize): void {
  let factors = firstPass(x, size, twiddles, work);
  let from = work;
  let to = x;
  let length = size >> 2;
  for (; length > 8; length >>= 2) {
    factors = middlePass(from, to, size, length, factors);
    const swap = from;
    from = to;
    to = swap;
  }
  // These read what they overwrite at the same places only, so `from` may be x.
  if (length === 4) lastPass4(from, x, size);
  else lastPass8(from, x, size);
}

/** Complex pairs → groups; four butterflies at a time. Returns where the factors of the next pass are. */
function firstPass(x: usize, size: i32, factors: usize, to: usize): usize {
  const leg: usize = 2 * size;
  const end = x + leg;
  for (; x < end; x += 32) {
    let low = v128.load(x);
    let high = v128.load(x, 16);
    const aRe = even(low, high);
    const aIm = odd(low, high);
    low = v128.load(x + leg);
    high = v128.load(x + leg, 16);
    const bRe = even(low, high);
    const bIm = odd(low, high);
    low = v128.load(x + 2 * leg);
    high = v128.load(x + 2 * leg, 16);
    const cRe = even(low, high);
    const cIm = odd(low, high);
    low = v128.load(x + 3 * leg);
    high = v128.load(x + 3 * leg, 16);
    const dRe = even(low, high);
    const dIm = odd(low, high);
    const pRe = f32x4.add(aRe, cRe);
    const pIm = f32x4.add(aIm, cIm);
    const mRe = f32x4.sub(aRe, cRe);
    const mIm = f32x4.sub(aIm, cIm);
    const qRe = f32x4.add(bRe, dRe);
    const qIm = f32x4.add(bIm, dIm);
    const nRe = f32x4.sub(bRe, dRe);
    const nIm = f32x4.sub(bIm, dIm);
    const uRe = f32x4.add(mRe, nIm);
    const uIm = f32x4.sub(mIm, nRe);
    const vRe = f32x4.sub(pRe, qRe);
    const vIm = f32x4.sub(pIm, qIm);
    const wRe = f32x4.sub(mRe, nIm);
    const wIm = f32x4.add(mIm, nRe);
    const c1 = v128.load(factors);
    const s1 = v128.load(factors, 16);
    const c2 = v128.load(factors, 32);
    const s2 = v128.load(factors, 48);
    const c3 = v128.load(factors, 64);
    const s3 = v128.load(factors, 80);
    storeRows(
      to,
      f32x4.add(pRe, qRe),
      productRe(uRe, uIm, c1, s1),
      productRe(vRe, vIm, c2, s2),
      productRe(wRe, wIm, c3, s3),
    );
    storeRows(
      to + 16,
      f32x4.add(pIm, qIm),
      productIm(uRe, uIm, c1, s1),
      productIm(vRe, vIm, c2, s2),
      productIm(wRe, wIm, c3, s3),
    );
    factors += 96;
    to += 128;
  }
  return factors;
}

/** Groups → groups: transforms of `length`, size/length of them side by side, to four of a quarter each. */
function middlePass(from: usize, to: usize, size: i32, length: i32, factors: usize): usize {
  const leg: usize = 2 * size;
  const stride: usize = 8 * (size / length);
  const end = from + leg;
  while (from < end) {
    const c1 = v128.load32_splat(factors);
    const s1 = v128.load32_splat(factors, 4);
    const c2 = v128.load32_splat(factors, 8);
    const s2 = v128.load32_splat(factors, 12);
    const c3 = v128.load32_splat(factors, 16);
    const s3 = v128.load32_splat(factors, 20);
    factors += 24;
    const rowEnd = from + stride;
    for (; from < rowEnd; from += 32) {
      const aRe = v128.load(from);
      const aIm = v128.load(from, 16);
      const bRe = v128.load(from + leg);
      const bIm = v128.load(from + leg, 16);
      const cRe = v128.load(from + 2 * leg);
      const cIm = v128.load(from + 2 * leg, 16);
      const dRe = v128.load(from + 3 * leg);
      const dIm = v128.load(from + 3 * leg, 16);
      const pRe = f32x4.add(aRe, cRe);
      const pIm = f32x4.add(aIm, cIm);
      const mRe = f32x4.sub(aRe, cRe);
      const mIm = f32x4.sub(aIm, cIm);
      const qRe = f32x4.add(bRe, dRe);
      const qIm = f32x4.add(bIm, dIm);
      const nRe = f32x4.sub(bRe, dRe);
      const nIm = f32x4.sub(bIm, dIm);
      v128.store(to, f32x4.add(pRe, qRe));
      v128.store(to, f32x4.add(pIm, qIm), 16);
      const uRe = f32x4.add(mRe, nIm);
      const uIm = f32x4.sub(mIm, nRe);
      v128.store(to + stride, productRe(uRe, uIm, c1, s1));
      v128.store(to + stride, productIm(uRe, uIm, c1, s1), 16);
      const vRe = f32x4.sub(pRe, qRe);
      const vIm = f32x4.sub(pIm, qIm);
      v128.store(to + 2 * stride, productRe(vRe, vIm, c2, s2));
      v128.store(to + 2 * stride, productIm(vRe, vIm, c2, s2), 16);
      const wRe = f32x4.sub(mRe, nIm);
      const wIm = f32x4.add(mIm, nRe);
      v128.store(to + 3 * stride, productRe(wRe, wIm, c3, s3));
      v128.store(to + 3 * stride, productIm(wRe, wIm, c3, s3), 16);
      to += 32;
    }
    to += 3 * stride;
  }
  return factors;
}

/** Groups → complex pairs, transforms of four. */
function lastPass4(from: usize, to: usize, size: i32): void {
  const leg: usize = 2 * size;
  const end = from + leg;
  for (; from < end; from += 32) {
    const aRe = v128.load(from);
    const aIm = v128.load(from, 16);
    const bRe = v128.load(from + leg);
    const bIm = v128.load(from + leg, 16);
    const cRe = v128.load(from + 2 * leg);
    const cIm = v128.load(from + 2 * leg, 16);
    const dRe = v128.load(from + 3 * leg);
    const dIm = v128.load(from + 3 * leg, 16);
    const pRe = f32x4.add(aRe, cRe);
    const pIm = f32x4.add(aIm, cIm);
    const mRe = f32x4.sub(aRe, cRe);
    const mIm = f32x4.sub(aIm, cIm);
    const qRe = f32x4.add(bRe, dRe);
    const qIm = f32x4.add(bIm, dIm);
    const nRe = f32x4.sub(bRe, dRe);
    const nIm = f32x4.sub(bIm, dIm);
    storePairs(to, f32x4.add(pRe, qRe), f32x4.add(pIm, qIm));
    storePairs(to + leg, f32x4.add(mRe, nIm), f32x4.sub(mIm, nRe));
    storePairs(to + 2 * leg, f32x4.sub(pRe, qRe), f32x4.sub(pIm, qIm));
    storePairs(to + 3 * leg, f32x4.sub(mRe, nIm), f32x4.add(mIm, nRe));
    to += 32;
  }
}

/** Groups → complex pairs, transforms of eight: two of four and a pass of radix 2 without leaving the registers. */
function lastPass8(from: usize, to: usize, size: i32): void {
  const leg: usize = size;
  const end = from + leg;
  const half = f32x4.splat(<f32>0.7071067811865476);
  for (; from < end; from += 32) {
    let aRe = v128.load(from + leg);
    let aIm = v128.load(from + leg, 16);
    let bRe = v128.load(from + 3 * leg);
    let bIm = v128.load(from + 3 * leg, 16);
    let cRe = v128.load(from + 5 * leg);
    let cIm = v128.load(from + 5 * leg, 16);
    let dRe = v128.load(from + 7 * leg);
    let dIm = v128.load(from + 7 * leg, 16);
    let pRe = f32x4.add(aRe, cRe);
    let pIm = f32x4.add(aIm, cIm);
    let mRe = f32x4.sub(aRe, cRe);
    let mIm = f32x4.sub(aIm, cIm);
    let qRe = f32x4.add(bRe, dRe);
    let qIm = f32x4.add(bIm, dIm);
    let nRe = f32x4.sub(bRe, dRe);
    let nIm = f32x4.sub(bIm, dIm);
    // The odd half, turned by 0, −45°, −90° and −135°.
    const o0Re = f32x4.add(pRe, qRe);
    const o0Im = f32x4.add(pIm, qIm);
    const uRe = f32x4.add(mRe, nIm);
    const uIm = f32x4.sub(mIm, nRe);
    const o1Re = f32x4.mul(half, f32x4.add(uRe, uIm));
    const o1Im = f32x4.mul(half, f32x4.sub(uIm, uRe));
    const o2Re = f32x4.sub(pIm, qIm);
    const o2Im = f32x4.sub(qRe, pRe);
    const wRe = f32x4.sub(mRe, nIm);
    const wIm = f32x4.add(mIm, nRe);
    const o3Re = f32x4.mul(half, f32x4.sub(wIm, wRe));
    const o3Im = f32x4.neg(f32x4.mul(half, f32x4.add(wRe, wIm)));
    aRe = v128.load(from);
    aIm = v128.load(from, 16);
    bRe = v128.load(from + 2 * leg);
    bIm = v128.load(from + 2 * leg, 16);
    cRe = v128.load(from + 4 * leg);
    cIm = v128.load(from + 4 * leg, 16);
    dRe = v128.load(from + 6 * leg);
    dIm = v128.load(from + 6 * leg, 16);
    pRe = f32x4.add(aRe, cRe);
    pIm = f32x4.add(aIm, cIm);
    mRe = f32x4.sub(aRe, cRe);
    mIm = f32x4.sub(aIm, cIm);
    qRe = f32x4.add(bRe, dRe);
    qIm = f32x4.add(bIm, dIm);
    nRe = f32x4.sub(bRe, dRe);
    nIm = f32x4.sub(bIm, dIm);
    let eRe = f32x4.add(pRe, qRe);
    let eIm = f32x4.add(pIm, qIm);
    storePairs(to, f32x4.add(eRe, o0Re), f32x4.add(eIm, o0Im));
    storePairs(to + 4 * leg, f32x4.sub(eRe, o0Re), f32x4.sub(eIm, o0Im));
    eRe = f32x4.add(mRe, nIm);
    eIm = f32x4.sub(mIm, nRe);
    storePairs(to + leg, f32x4.add(eRe, o1Re), f32x4.add(eIm, o1Im));
    storePairs(to + 5 * leg, f32x4.sub(eRe, o1Re), f32x4.sub(eIm, o1Im));
    eRe = f32x4.sub(pRe, qRe);
    eIm = f32x4.sub(pIm, qIm);
    storePairs(to + 2 * leg, f32x4.add(eRe, o2Re), f32x4.add(eIm, o2Im));
    storePairs(to + 6 * leg, f32x4.sub(eRe, o2Re), f32x4.sub(eIm, o2Im));
    eRe = f32x4.sub(mRe, nIm);
    eIm = f32x4.add(mIm, nRe);
    storePairs(to + 3 * leg, f32x4.add(eRe, o3Re), f32x4.add(eIm, o3Im));
    storePairs(to + 7 * leg, f32x4.sub(eRe, o3Re), f32x4.sub(eIm, o3Im));
    to += 32;
  }
}
