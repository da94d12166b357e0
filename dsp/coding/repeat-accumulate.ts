/**
 * The repeat-accumulate code of the SMOG family: 16-bit words, low byte first, each word's bits running through
 * accumulators that rotate. The data goes through four of them in four orders; the first gives every word, the others one in
 * three. Not systematic. Source: the on-air format of SMOG-P, its check values made with the reference coder.
 */
export interface RepeatAccumulateCode {
  readonly dataBytes: number;
  readonly codeBytes: number;
  /** In which order a pass takes the data words, and which of its steps give a code word (−1: none). */
  readonly passes: readonly { readonly order: Int32Array; readonly emits: Int32Array }[];
}

const WORD_BITS = 16;
/** Steps of a pass from one code word to the next. */
const PUNCTURING = [1, 3, 3, 3] as const;
const LEAST_WORDS = 32;
/** Feedback of the shift registers that order the words, by pass, for 32, 64 and 128 words and more. */
const FEEDBACK = [
  [0x21, 0x2d, 0x30, 0x39],
  [0x41, 0x53, 0x69, 0x7b],
  [0x8e, 0xaf, 0xc3, 0xe7],
] as const;
const MOST_WORDS = 255;

/** @throws RangeError unless there are 64 … 510 bytes, an even number */
export function repeatAccumulateCode(dataBytes: number): RepeatAccumulateCode {
  const words = dataBytes / 2;
  if (!Number.isInteger(words) || words < LEAST_WORDS || words > MOST_WORDS)
    throw new RangeError(
      `a frame has an even number of ${2 * LEAST_WORDS} … ${2 * MOST_WORDS} bytes, not ${dataBytes}`,
    );
  let codeWords = 0;
  const passes = PUNCTURING.map((every, pass) => {
    const emits = new Int32Array(words).fill(-1);
    for (let k = 0; k < words; k++) if ((k + 1) % every === 0 || k === words - 1) emits[k] = codeWords++;
    return { order: orderOf(words, pass), emits };
  });
  return { dataBytes, codeBytes: 2 * codeWords, passes };
}

function orderOf(words: number, pass: number): Int32Array {
  const feedback = FEEDBACK[31 - Math.clz32(words / LEAST_WORDS)]![pass]!;
  const offset = words >> (1 + pass);
  const order = new Int32Array(words);
  let state = 1 + pass + offset;
  for (let k = 0; k < words; k++) {
    do state = (state >> 1) ^ (state & 1 ? feedback : 0);
    while (state > words);
    order[k] = (state - 1 - offset + words) % words;
  }
  return order;
}

export function repeatAccumulateEncode(code: RepeatAccumulateCode, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(code.codeBytes);
  for (const { order, emits } of code.passes) {
    let accumulator = 0;
    for (let k = 0; k < order.length; k++) {
      const at = 2 * order[k]!;
      accumulator = ((accumulator >> 1) | (accumulator << (WORD_BITS - 1))) & 0xffff;
      accumulator ^= data[at]! | (data[at + 1]! << 8);
      const to = 2 * emits[k]!;
      if (to < 0) continue;
      out[to] = accumulator & 255;
      out[to + 1] = accumulator >> 8;
    }
  }
  return out;
}

/** A code's bits in the order in which its accumulators meet them: 16 chains of one step a word, one chain after the other. */
export interface Trellis {
  /** Data bit of each step: its place in the packed bytes, most significant first. */
  readonly data: Int32Array;
  /** Code bit that a step gives, likewise its place on the air; −1: none. */
  readonly coded: Int32Array;
}

export function trellises({ passes }: RepeatAccumulateCode): readonly Trellis[] {
  return passes.map(({ order, emits }) => {
    const steps = order.length;
    const data = new Int32Array(WORD_BITS * steps);
    const coded = new Int32Array(WORD_BITS * steps);
    for (let chain = 0; chain < WORD_BITS; chain++) {
      for (let k = 0; k < steps; k++) {
        // The accumulator rotates right: a chain goes down by a bit a step.
        const bit = (chain - k) & (WORD_BITS - 1);
        const place = (bit & 8) + 7 - (bit & 7);
        data[chain * steps + k] = WORD_BITS * order[k]! + place;
        coded[chain * steps + k] = emits[k]! < 0 ? -1 : WORD_BITS * emits[k]! + place;
      }
    }
    return { data, coded };
  });
}
