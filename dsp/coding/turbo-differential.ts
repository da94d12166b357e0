/**
 * Soft-in soft-out decoder of differential signs, exact log-MAP of its two states. Bit k is 1 where the signs k and k + 1
 * are equal. All values are log-likelihood ratios, natural, > 0 for 1 or plus.
 * Reads n + 1 `signs` and n a-priori values, writes n extrinsic ones: what the signs and the other bits say of each bit.
 *
 * With one binary sign as the state, the BCJR recursions shrink to one number a step, joined by ⊞, the LLR of equality.
 * Source: J. Hagenauer, E. Offer, L. Papke, "Iterative decoding of binary block and convolutional codes", IEEE Trans. IT 42.
 */
export function differentialMap(
  signs: ArrayLike<number>,
  apriori: ArrayLike<number>,
  n: number,
  forward: Float32Array,
  extrinsic: Float32Array,
): void {
  let state = signs[0]!;
  for (let k = 0; k < n; k++) {
    forward[k] = state;
    state = equality(state, apriori[k]!) + signs[k + 1]!;
  }
  let later = 0;
  for (let k = n - 1; k >= 0; k--) {
    const behind = signs[k + 1]! + later;
    extrinsic[k] = equality(forward[k]!, behind);
    later = equality(behind, apriori[k]!);
  }
}

/** LLR of "both equal" from the LLRs of two independent bits. */
function equality(x: number, y: number): number {
  const a = Math.abs(x);
  const b = Math.abs(y);
  const least = x > 0 === y > 0 ? Math.min(a, b) : -Math.min(a, b);
  return least + correction(Math.abs(x + y)) - correction(Math.abs(x - y));
}

/** ln(1 + e^−d) for d ≥ 0. */
function correction(d: number): number {
  return d < 12 ? Math.log1p(Math.exp(-d)) : 0;
}
