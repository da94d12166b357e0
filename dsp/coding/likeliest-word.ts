import type { Soft } from '../core/types.ts';

/**
 * Maximum-likelihood decoding of a short block code by correlation with all its words, which corrects what soft decisions
 * allow. It turns noise into a word always: the caller needs another check.
 * @param words of the code, the first bit on the air as the most significant
 * @param length of a word in bits, 2 … 16
 * @returns the index among `words` of the one most likely sent in the symbols `from`, `from + stride`, …
 */
export function likeliestWord(
  words: ArrayLike<number>,
  length: number,
): (soft: Soft, from: number, stride: number) => number {
  // A word's correlation is the sum of two table entries, one for each half of its bits.
  const tailBits = length >> 1;
  const headBits = length - tailBits;
  const tailMask = (1 << tailBits) - 1;
  const head = new Float64Array(1 << headBits);
  const tail = new Float64Array(1 << tailBits);
  return (soft, from, stride) => {
    correlations(soft, from, stride, headBits, head);
    correlations(soft, from + headBits * stride, stride, tailBits, tail);
    let best = 0;
    let bestMetric = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < words.length; i++) {
      const metric = head[words[i]! >> tailBits]! + tail[words[i]! & tailMask]!;
      if (metric > bestMetric) {
        best = i;
        bestMetric = metric;
      }
    }
    return best;
  };
}

/** The correlations of all patterns of `bits` bits. */
function correlations(soft: Soft, from: number, stride: number, bits: number, out: Float64Array): void {
  let all = 0;
  for (let j = 0; j < bits; j++) all -= soft[from + j * stride]!;
  out[0] = all;
  for (let pattern = 1; pattern < out.length; pattern++) {
    const lowest = pattern & -pattern;
    const place = bits - 1 - (31 - Math.clz32(lowest));
    out[pattern] = out[pattern ^ lowest]! + 2 * soft[from + place * stride]!;
  }
}

/** Hard decisions of the `length` symbols `from`, `from + stride`, …, the first as the most significant bit. */
export function hardWord(soft: Soft, from: number, stride: number, length: number): number {
  let word = 0;
  for (let i = 0; i < length; i++) word = (word << 1) | (soft[from + i * stride]! > 0 ? 1 : 0);
  return word;
}
