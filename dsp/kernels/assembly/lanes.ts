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
