/** Rows of line powers that are summed. */
export const rowCount = 5;

const nothing = new Float32Array(1 << 16);

/**
 * Powers of two lines over the bins of several blocks, added up along a moving carrier: bin k of the sum is the sum of
 * bins k + moved of the rows. Both lines count, but one alone is none: the score of a bin is u + l − |u − l|/2.
 */
export class LineRows {
  private readonly bins: number;
  private readonly upper: Float32Array[] = Array.from({ length: rowCount }, () => nothing);
  private readonly lower: Float32Array[] = Array.from({ length: rowCount }, () => nothing);
  /** Where bin 0 of the sum is in each row, and where the row's first and last bin are. */
  private readonly at = new Int32Array(rowCount);
  private readonly first = new Int32Array(rowCount);
  private reach = 0;

  constructor(bins: number) {
    this.bins = bins;
  }

  /** Row `i`: `bins` powers of each line from index `first` on. `undefined` counts as zeros. */
  set(i: number, upper: Float32Array | undefined, lower: Float32Array | undefined, first: number, moved: number): void {
    this.upper[i] = upper ?? nothing;
    this.lower[i] = lower ?? nothing;
    this.first[i] = upper ? first : 0;
    this.at[i] = upper ? first + moved : 0;
    if (i === 0) this.reach = 0;
    this.reach = Math.max(this.reach, upper ? Math.abs(moved) : 0);
  }

  /** The bin with a neighbour on each side that scores most, and more than `floor`; −1 where none does. */
  best(floor: number): number {
    const { bins } = this;
    const from = Math.min(bins - 1, Math.max(1, this.reach));
    const to = Math.max(from, bins - Math.max(1, this.reach));
    let top = floor;
    let found = -1;
    const edge = (k: number): void => {
      const score = this.score(k);
      if (score <= top) return;
      top = score;
      found = k;
    };
    for (let k = 1; k < from; k++) edge(k);
    const [u0, u1, u2, u3, u4] = this.upper as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
    const [l0, l1, l2, l3, l4] = this.lower as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
    const a0 = this.at[0]!;
    const a1 = this.at[1]!;
    const a2 = this.at[2]!;
    const a3 = this.at[3]!;
    const a4 = this.at[4]!;
    for (let k = from; k < to; k++) {
      const u = u0[a0 + k]! + u1[a1 + k]! + u2[a2 + k]! + u3[a3 + k]! + u4[a4 + k]!;
      const l = l0[a0 + k]! + l1[a1 + k]! + l2[a2 + k]! + l3[a3 + k]! + l4[a4 + k]!;
      const score = u + l - 0.5 * Math.abs(u - l);
      if (score <= top) continue;
      top = score;
      found = k;
    }
    for (let k = to; k < bins - 1; k++) edge(k);
    return found;
  }

  score(k: number): number {
    const u = this.sum(this.upper, k);
    const l = this.sum(this.lower, k);
    return u + l - 0.5 * Math.abs(u - l);
  }

  /** Both lines at bin k. */
  power(k: number): number {
    return this.sum(this.upper, k) + this.sum(this.lower, k);
  }

  private sum(rows: readonly Float32Array[], k: number): number {
    let sum = 0;
    for (let i = 0; i < rowCount; i++) {
      const at = this.at[i]! + k - this.first[i]!;
      if (at >= 0 && at < this.bins) sum += rows[i]![this.first[i]! + at]!;
    }
    return sum;
  }
}
