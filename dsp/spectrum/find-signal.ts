/** Where in a spectrum a signal is looked for; all in bins, counted from the first, fractions allowed. */
export interface SignalSearch {
  /** Middle of a signal that is where it is expected, and how far from there it may be. */
  readonly expected: number;
  readonly reach: number;
  /** The signal's bandwidth. */
  readonly width: number;
  /** Where the receiver is flat: what of this the signal does not take is the noise beside it. */
  readonly low: number;
  readonly high: number;
  /** Independent spectra that were averaged. */
  readonly averages: number;
}

export interface FoundSignal {
  /** Power in the signal's bandwidth over the noise there. */
  readonly snrDb: number;
  /** Middle of the signal, in bins. */
  readonly centre: number;
}

/**
 * Logarithm of how often noise passes for a signal at one place: 10⁻¹⁰. In 105,000 spectra of a second of noise (240 kS/s and
 * 2.4 MS/s, five modes) none was taken for a signal (measured).
 */
const falseAlarmLog = 23;
/** Excess that is believed at least, of the noise: half as much power, −3 dB. Receivers are not flat to less. */
const leastExcess = 0.5;
/** Noise power passes a Hann window as through this many bins. */
const hannNoiseBins = 1.5;
const centreSteps = 6;

/**
 * The strongest signal of a known width in an averaged power spectrum, or null where there is none above the noise. The
 * threshold follows from the number of values in both means (Chernoff's bound of the gamma distribution).
 */
export function findSignal(power: Float32Array | Float64Array, search: SignalSearch): FoundSignal | null {
  const low = Math.max(0, Math.ceil(search.low));
  const high = Math.min(power.length - 1, Math.floor(search.high));
  const width = Math.max(1, Math.round(search.width));
  const first = Math.max(low, Math.round(search.expected - search.reach - width / 2));
  const last = Math.min(high - width + 1, Math.round(search.expected + search.reach - width / 2));
  if (last < first) return null;
  let sum = 0;
  for (let k = first; k < first + width; k++) sum += power[k]!;
  let best = sum;
  let bestAt = first;
  for (let at = first + 1; at <= last; at++) {
    sum += power[at + width - 1]! - power[at - 1]!;
    if (sum <= best) continue;
    best = sum;
    bestAt = at;
  }
  const beside = besideBins(low, high, bestAt, width);
  const noise = medianOf(power, beside) / (1 - 1 / (3 * Math.max(1, search.averages)));
  if (!(noise > 0)) return null;
  const excess = best / (width * noise) - 1;
  const values = (search.averages / hannNoiseBins) * (1 / (1 / width + 1.6 / beside.length));
  if (!(excess > Math.max(leastExcess, excessOfNoise(values)))) return null;
  return { snrDb: 10 * Math.log10(excess), centre: centroid(power, noise, bestAt, width, low, high) };
}

/** Bins outside of the signal and a quarter of its width to either side; all of them when those are too few. */
function besideBins(low: number, high: number, at: number, width: number): readonly number[] {
  const guard = Math.ceil(width / 4);
  const bins: number[] = [];
  for (let k = low; k <= high; k++) if (k < at - guard || k >= at + width + guard) bins.push(k);
  if (bins.length >= Math.max(4, width / 4)) return bins;
  return Array.from({ length: high - low + 1 }, (_, i) => low + i);
}

function medianOf(power: Float32Array | Float64Array, bins: readonly number[]): number {
  const sorted = Float64Array.from(bins, (k) => power[k]!).sort();
  return sorted[sorted.length >> 1]!;
}

/** x with n·(x − ln(1 + x)) = falseAlarmLog: what a mean of n exponential values exceeds its expectation by as rarely as that. */
function excessOfNoise(n: number): number {
  let x = Math.sqrt((2 * falseAlarmLog) / n);
  for (let i = 0; i < 20; i++) x -= (x - Math.log1p(x) - falseAlarmLog / n) / (x / (1 + x));
  return x;
}

function centroid(
  power: Float32Array | Float64Array,
  noise: number,
  at: number,
  width: number,
  low: number,
  high: number,
): number {
  let centre = at + (width - 1) / 2;
  for (let step = 0; step < centreSteps; step++) {
    const from = Math.max(low, Math.ceil(centre - 0.6 * width));
    const to = Math.min(high, Math.floor(centre + 0.6 * width));
    let sum = 0;
    let moment = 0;
    for (let k = from; k <= to; k++) {
      sum += power[k]! - noise;
      moment += (power[k]! - noise) * k;
    }
    if (!(sum > 0)) break;
    const next = moment / sum;
    if (!(next >= from && next <= to)) break;
    centre = next;
  }
  return centre;
}
