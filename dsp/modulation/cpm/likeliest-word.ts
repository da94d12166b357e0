import { knownPhasor } from './known-symbols.ts';
import { type CpmReference, patterns } from './reference.ts';

/**
 * Words whose first half is not that much, in standard deviations, above the mean of all are given up: a sixth of them
 * is left. The right one lies some four above, at Es/N0 −1.6 dB and 12 symbols.
 */
const worthwhile = 1;
/** So few words are all followed to their ends. */
const few = 64;

const fields = 5;
/** Of each depth, and of each word's middle: re and im of the phasor, |phasor|, metric, pattern. */
let path = new Float64Array(fields * 64);
let middle = new Float64Array(0);

/**
 * Which of `words` follows the known symbols: the path metric of the noncoherent detector along every word, in the phase
 * that the known symbols have. Soft decisions of single symbols lose what this keeps: their errors come in pairs.
 *
 * @param z as of knownPhasor; the word's first symbol is at `known.length`
 * @param known 0/1 as they are on the channel
 * @param words in ascending order, it is quicker: what neighbours share is followed once
 * @param flip 1 where the channel carries the complement of the words
 * @returns index of the likeliest word, −1 when there are none
 */
export function likeliestWord(
  reference: CpmReference,
  alpha: number,
  z: Float32Array,
  known: Uint8Array,
  words: Int32Array,
  wordBits: number,
  flip: 0 | 1,
): number {
  const n = known.length;
  const half = wordBits >> 1;
  if (path.length < fields * (wordBits + 1)) path = new Float64Array(fields * (wordBits + 1));
  if (middle.length < fields * words.length) middle = new Float64Array(fields * words.length);
  knownPhasor(reference, alpha, z, known, path);
  path[2] = Math.hypot(path[0]!, path[1]!);
  path[3] = 0;
  path[4] = 2 * known[n - 2]! + known[n - 1]!;

  let sum = 0;
  let squares = 0;
  for (let w = 0; w < words.length; w++) {
    const word = words[w]!;
    const shared = w === 0 ? 0 : Math.max(0, Math.clz32(word ^ words[w - 1]!) - (32 - wordBits));
    for (let k = Math.min(half, shared); k < half; k++)
      follow(reference, alpha, z, n - 1 + k, ((word >> (wordBits - 1 - k)) & 1) ^ flip, path, fields * k);
    for (let i = 0; i < fields; i++) middle[fields * w + i] = path[fields * half + i]!;
    const metric = path[fields * half + 3]!;
    sum += metric;
    squares += metric * metric;
  }
  const mean = sum / words.length;
  const deviation = Math.sqrt(Math.max(0, squares / words.length - mean * mean));
  const least = words.length <= few ? -Infinity : mean + worthwhile * deviation;

  const { turn } = reference;
  let best = -1;
  let bestMetric = -Infinity;
  for (let w = 0; w < words.length; w++) {
    if (!(middle[fields * w + 3]! >= least)) continue;
    const word = words[w]!;
    // As `follow`, in place: nothing on this way is shared.
    let re = middle[fields * w]!;
    let im = middle[fields * w + 1]!;
    let size = middle[fields * w + 2]!;
    let metric = middle[fields * w + 3]!;
    let p = middle[fields * w + 4]!;
    for (let k = half; k < wordBits; k++) {
      p = ((p << 1) | (((word >> (wordBits - 1 - k)) & 1) ^ flip)) & (patterns - 1);
      const from = 2 * patterns * (n - 1 + k) + p;
      const a = alpha * re + z[from]!;
      const b = alpha * im + z[from + patterns]!;
      metric -= alpha * size;
      size = Math.sqrt(a * a + b * b);
      metric += size;
      const c = turn[2 * p]!;
      const d = turn[2 * p + 1]!;
      re = a * c - b * d;
      im = a * d + b * c;
    }
    // What follows the word's last bit is not known: the likelier of both.
    let last = 0;
    for (let next = 0; next < 2; next++) {
      const at = 2 * patterns * (n - 1 + wordBits) + (((p << 1) | next) & (patterns - 1));
      last = Math.max(last, Math.hypot(alpha * re + z[at]!, alpha * im + z[at + patterns]!));
    }
    metric += last - alpha * size;
    if (metric > bestMetric) {
      bestMetric = metric;
      best = w;
    }
  }
  return best;
}

/** One more bit: from the state at `at` of `path` to the next one. Symbol `symbol`'s pattern ends with that bit. */
function follow(
  { turn }: CpmReference,
  alpha: number,
  z: Float32Array,
  symbol: number,
  bit: number,
  path: Float64Array,
  at: number,
): void {
  const p = ((path[at + 4]! << 1) | bit) & (patterns - 1);
  const from = 2 * patterns * symbol + p;
  const a = alpha * path[at]! + z[from]!;
  const b = alpha * path[at + 1]! + z[from + patterns]!;
  const size = Math.sqrt(a * a + b * b);
  const c = turn[2 * p]!;
  const d = turn[2 * p + 1]!;
  path[at + fields] = a * c - b * d;
  path[at + fields + 1] = a * d + b * c;
  path[at + fields + 2] = size;
  path[at + fields + 3] = path[at + 3]! + size - alpha * path[at + 2]!;
  path[at + fields + 4] = p;
}
