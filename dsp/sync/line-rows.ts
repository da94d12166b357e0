/** Rows of line powers that are summed. */
export const rowCount = 5;

/** Bins of a cell. */
const cellBins = 16;

/** Powers of the two lines of one block, in one row of bins each, and the greatest of every 16 bins. */
export class LinePowers {
  readonly upper: Float32Array;
  readonly lower: Float32Array;
  readonly upperMost: Float32Array;
  readonly lowerMost: Float32Array;

  constructor(length: number) {
    this.upper = new Float32Array(length);
    this.lower = new Float32Array(length);
    this.upperMost = new Float32Array(Math.ceil(length / cellBins));
    this.lowerMost = new Float32Array(Math.ceil(length / cellBins));
  }

  /** To be called when the powers have been written. */
  complete(): void {
    cellMaxima(this.upper, this.upperMost);
    cellMaxima(this.lower, this.lowerMost);
  }

  clear(): void {
    for (const row of [this.upper, this.lower, this.upperMost, this.lowerMost]) row.fill(0);
  }
}

function cellMaxima(row: Float32Array, maxima: Float32Array): void {
  for (let c = 0; c < maxima.length; c++) {
    let most = 0;
    const end = Math.min(row.length, (c + 1) * cellBins);
    // No branch: which bin is greater than those before cannot be foretold.
    for (let k = c * cellBins; k < end; k++) most = Math.max(most, row[k]!);
    maxima[c] = most;
  }
}

const nothing = new LinePowers(1 << 16);

/**
 * Powers of two lines over the bins of several blocks, added up along a moving carrier: bin k of the sum is the sum of
 * bins k + moved of the rows. Both lines count, but one alone is none: the score of a bin is u + l − |u − l|/2.
 */
export class LineRows {
  private readonly bins: number;
  private readonly rows: LinePowers[] = Array.from({ length: rowCount }, () => nothing);
  /** Where bin 0 of the sum is in each row, and where the row's first and last bin are. */
  private readonly at = new Int32Array(rowCount);
  private readonly first = new Int32Array(rowCount);
  private reach = 0;

  constructor(bins: number) {
    this.bins = bins;
  }

  /** Row `i`: `bins` powers of each line from index `first` on. `undefined` counts as zeros. */
  set(i: number, powers: LinePowers | undefined, first: number, moved: number): void {
    this.rows[i] = powers ?? nothing;
    this.first[i] = powers ? first : 0;
    this.at[i] = powers ? first + moved : 0;
    if (i === 0) this.reach = 0;
    this.reach = Math.max(this.reach, powers ? Math.abs(moved) : 0);
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
    const [r0, r1, r2, r3, r4] = this.rows as [LinePowers, LinePowers, LinePowers, LinePowers, LinePowers];
    const [u0, u1, u2, u3, u4] = [r0.upper, r1.upper, r2.upper, r3.upper, r4.upper];
    const [l0, l1, l2, l3, l4] = [r0.lower, r1.lower, r2.lower, r3.lower, r4.lower];
    const a0 = this.at[0]!;
    const a1 = this.at[1]!;
    const a2 = this.at[2]!;
    const a3 = this.at[3]!;
    const a4 = this.at[4]!;
    // The cells of all rows lie over each other when none is moved.
    const aligned = (a0 | a1 | a2 | a3 | a4) === 0;
    for (let k = from; k < to; ) {
      const end = Math.min(to, aligned ? (Math.floor(k / cellBins) + 1) * cellBins : to);
      // The score rises with either line: no bin of a cell scores more than the sums of the cell's greatest powers.
      if (aligned && this.ceiling(k / cellBins) <= top) {
        k = end;
        continue;
      }
      for (; k < end; k++) {
        const u = u0[a0 + k]! + u1[a1 + k]! + u2[a2 + k]! + u3[a3 + k]! + u4[a4 + k]!;
        const l = l0[a0 + k]! + l1[a1 + k]! + l2[a2 + k]! + l3[a3 + k]! + l4[a4 + k]!;
        const score = u + l - 0.5 * Math.abs(u - l);
        if (score <= top) continue;
        top = score;
        found = k;
      }
    }
    for (let k = to; k < bins - 1; k++) edge(k);
    return found;
  }

  private ceiling(cell: number): number {
    const c = Math.floor(cell);
    let u = 0;
    let l = 0;
    for (let i = 0; i < rowCount; i++) {
      u += this.rows[i]!.upperMost[c]!;
      l += this.rows[i]!.lowerMost[c]!;
    }
    return u + l - 0.5 * Math.abs(u - l);
  }

  score(k: number): number {
    const u = this.sum('upper', k);
    const l = this.sum('lower', k);
    return u + l - 0.5 * Math.abs(u - l);
  }

  /** Both lines at bin k. */
  power(k: number): number {
    return this.sum('upper', k) + this.sum('lower', k);
  }

  private sum(line: 'upper' | 'lower', k: number): number {
    let sum = 0;
    for (let i = 0; i < rowCount; i++) {
      const at = this.at[i]! + k - this.first[i]!;
      if (at >= 0 && at < this.bins) sum += this.rows[i]![line][this.first[i]! + at]!;
    }
    return sum;
  }
}
