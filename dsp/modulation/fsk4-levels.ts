import type { SlidingWindow } from '../core/sliding-window.ts';

/** The four levels −3, −1, 1, 3 as they are found: value = middle + unit · level. */
export interface Fsk4Levels {
  middle: number;
  unit: number;
  /** Mean square of what no level explains, of unit². A third is what noise leaves; Infinity: these are not four levels. */
  residual: number;
}

/** Where the fit starts, of the unit that equally frequent levels have: a preamble of the outer levels alone misleads. */
const starts = [1, 0.67, 0.82, 1.2] as const;
const rounds = 5;
/** Each level must have this share of the symbols: two alone fit any unit. */
const leastShare = 0.06;

/** Least squares of the decided levels, from several starts, over the symbols [from, to) (absolute) of `values`. */
export function fitFsk4Levels(values: SlidingWindow, from: number, to: number): Fsk4Levels {
  const best: Fsk4Levels = { middle: 0, unit: 0, residual: Number.POSITIVE_INFINITY };
  const n = to - from;
  if (n < 16) return best;
  const x = values.data.subarray(from - values.start, to - values.start);
  let mean = 0;
  for (let i = 0; i < n; i++) mean += x[i]!;
  mean /= n;
  let spread = 0;
  for (let i = 0; i < n; i++) spread += Math.abs(x[i]! - mean);
  const usual = spread / n / 2;
  if (!(usual > 0)) return best;
  const counts = [0, 0, 0, 0];
  for (const start of starts) {
    let middle = mean;
    let unit = start * usual;
    let residual = Number.POSITIVE_INFINITY;
    for (let round = 0; round < rounds; round++) {
      let l1 = 0;
      let l2 = 0;
      let lx = 0;
      let x1 = 0;
      let x2 = 0;
      counts.fill(0);
      for (let i = 0; i < n; i++) {
        const v = x[i]!;
        const tone = toneOf((v - middle) / unit);
        const level = 2 * tone - 3;
        counts[tone]!++;
        l1 += level;
        l2 += level * level;
        lx += level * v;
        x1 += v;
        x2 += v * v;
      }
      const determinant = n * l2 - l1 * l1;
      if (determinant <= 0) break;
      unit = (n * lx - l1 * x1) / determinant;
      middle = (x1 - unit * l1) / n;
      if (!(unit > 0)) break;
      residual = Math.max(0, x2 - middle * x1 - unit * lx) / n / (unit * unit);
    }
    if (unit > 0 && residual < best.residual && Math.min(...counts) >= leastShare * n) {
      best.middle = middle;
      best.unit = unit;
      best.residual = residual;
    }
  }
  return best;
}

/** 0 … 3: the number of the nearest of the levels −3, −1, 1, 3. */
function toneOf(level: number): 0 | 1 | 2 | 3 {
  if (level < 0) return level < -2 ? 0 : 1;
  return level > 2 ? 3 : 2;
}
