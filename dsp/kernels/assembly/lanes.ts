/** Lanes 0 0 1 1. */
// @ts-ignore: decorator
@inline
export function lowTwice(v: v128): v128 {
  return v128.shuffle<f32>(v, v, 0, 0, 1, 1);
}

/** Lanes 2 2 3 3. */
// @ts-ignore: decorator
@inline
export function highTwice(v: v128): v128 {
  return v128.shuffle<f32>(v, v, 2, 2, 3, 3);
}

/** |re + j·im|. */
// @ts-ignore: decorator
@inline
export function size(re: v128, im: v128): v128 {
  return f32x4.sqrt(f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im)));
}

// Complex pairs in and out of vectors of real and of imaginary parts.

/** Real parts of four pairs. */
// @ts-ignore: decorator
@inline
export function even(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(low, high, 0, 2, 4, 6);
}

/** Imaginary parts of four pairs. */
// @ts-ignore: decorator
@inline
export function odd(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(low, high, 1, 3, 5, 7);
}

// @ts-ignore: decorator
@inline
export function productRe(re: v128, im: v128, cosine: v128, sine: v128): v128 {
  return f32x4.sub(f32x4.mul(re, cosine), f32x4.mul(im, sine));
}

// @ts-ignore: decorator
@inline
export function productIm(re: v128, im: v128, cosine: v128, sine: v128): v128 {
  return f32x4.add(f32x4.mul(re, sine), f32x4.mul(im, cosine));
}

/** Four real and four imaginary parts as complex values. */
// @ts-ignore: decorator
@inline
export function storePairs(to: usize, re: v128, im: v128): void {
  v128.store(to, v128.shuffle<f32>(re, im, 0, 4, 1, 5));
  v128.store(to, v128.shuffle<f32>(re, im, 2, 6, 3, 7), 16);
}
