/**
 * FIR design: pure functions, taps in double precision, always an odd number of them, so that the delay is a whole number
 * of samples. Source: A. V. Oppenheim, R. W. Schafer, Discrete-Time Signal Processing, section 7.5 (Kaiser window);
 * J. G. Proakis, Digital Communications, section 9.2 (root raised cosine).
 */

export interface LowPassSpec {
  /** Sample rate of the filter's input, in the unit of the edges. */
  readonly sampleRate: number;
  /** Upper edge of the pass band. */
  readonly passHz: number;
  /** Lower edge of the stop band. */
  readonly stopHz: number;
  /** Suppression of the stop band and accuracy of the pass band (70: within 0.3 per mille); reached within 2.5 dB (Kaiser’s formulas are fits). */
  readonly stopDb: number;
}

/** More taps than this are a mistake in the specification, not a filter. */
export const maxTaps = 65_535;

/**
 * Kaiser-windowed sinc low-pass of unit gain at 0 Hz.
 * @throws RangeError unless 0 ≤ passHz < stopHz ≤ sampleRate − passHz and 21 ≤ stopDb ≤ 140
 */
export function lowPass({ sampleRate, passHz, stopHz, stopDb }: LowPassSpec): Float64Array {
  if (!(passHz >= 0 && stopHz > passHz && passHz + stopHz <= sampleRate && Number.isFinite(sampleRate)))
    throw new RangeError(`low-pass edges ${passHz} and ${stopHz} Hz do not fit a sample rate of ${sampleRate} Hz`);
  if (!(stopDb >= 21 && stopDb <= 140)) throw new RangeError(`stop band of ${stopDb} dB is not within 21 to 140 dB`);
  const n = kaiserTaps(stopDb, (stopHz - passHz) / sampleRate);
  return windowedSinc(n, (passHz + stopHz) / 2 / sampleRate, kaiserBeta(stopDb));
}

/** Odd number of taps for a stop band of `stopDb` and a transition of `width` cycles per sample. */
export function kaiserTaps(stopDb: number, width: number): number {
  const n = Math.ceil((stopDb - 7.95) / (14.36 * width)) + 1;
  if (!(n <= maxTaps)) throw new RangeError(`a transition of ${width} of the sample rate takes ${n} taps`);
  return n | 1;
}

/** Shape of the Kaiser window for a stop band of `stopDb`. */
export function kaiserBeta(stopDb: number): number {
  if (stopDb > 50) return 0.1102 * (stopDb - 8.7);
  return stopDb > 21 ? 0.5842 * (stopDb - 21) ** 0.4 + 0.07886 * (stopDb - 21) : 0;
}

/** Sinc of cut-off `cutoff` (−6 dB, cycles per sample) under a Kaiser window, scaled to unit gain at 0 Hz. */
export function windowedSinc(n: number, cutoff: number, beta: number): Float64Array {
  const taps = new Float64Array(n);
  const middle = (n - 1) / 2;
  let sum = 0;
  for (let k = 0; k < n; k++) {
    const tap = windowedSincAt(k - middle, middle, cutoff, beta);
    taps[k] = tap;
    sum += tap;
  }
  for (let k = 0; k < n; k++) taps[k]! /= sum;
  return taps;
}

/** The same at any time `t` (samples from the middle), 0 beyond ±halfWidth; its gain at 0 Hz is 1 within the ripple. */
export function windowedSincAt(t: number, halfWidth: number, cutoff: number, beta: number): number {
  const r = halfWidth > 0 ? t / halfWidth : 0;
  if (Math.abs(r) > 1) return 0;
  const window = besselI0(beta * Math.sqrt(1 - r * r)) / besselI0(beta);
  return 2 * cutoff * sinc(2 * cutoff * t) * window;
}

/**
 * Root-raised-cosine pulse of unit energy (a matched pair then has unit gain at the symbol instant).
 * @param spanSymbols total length in symbols
 * @throws RangeError unless samplesPerSymbol > 1, spanSymbols > 0 and 0 ≤ rollOff ≤ 1
 */
export function rootRaisedCosine(samplesPerSymbol: number, spanSymbols: number, rollOff: number): Float64Array {
  checkPulse(samplesPerSymbol, spanSymbols);
  if (!(rollOff >= 0 && rollOff <= 1)) throw new RangeError(`roll-off ${rollOff} is not within 0 to 1`);
  const taps = new Float64Array(oddLength(samplesPerSymbol * spanSymbols));
  const middle = (taps.length - 1) / 2;
  for (let k = 0; k < taps.length; k++) taps[k] = rootRaisedCosineAt((k - middle) / samplesPerSymbol, rollOff);
  let energy = 0;
  for (const tap of taps) energy += tap * tap;
  const scale = 1 / Math.sqrt(energy);
  for (let k = 0; k < taps.length; k++) taps[k]! *= scale;
  return taps;
}

/**
 * Gaussian low-pass pulse of unit sum, as in GFSK before the frequency modulator.
 * @param bt product of the −3 dB bandwidth and the symbol duration
 * @param spanSymbols total length in symbols
 */
export function gaussianPulse(samplesPerSymbol: number, bt: number, spanSymbols: number): Float64Array {
  checkPulse(samplesPerSymbol, spanSymbols);
  if (!(bt > 0 && bt <= 10)) throw new RangeError(`bandwidth-time product ${bt} is not within 0 to 10`);
  const taps = new Float64Array(oddLength(samplesPerSymbol * spanSymbols));
  const middle = (taps.length - 1) / 2;
  // |H(f)|² = ½ at f = B: exp(−t²/2σ²) with σ = √(ln 2) / (2π B)
  const sigma = (Math.sqrt(Math.LN2) / (2 * Math.PI * bt)) * samplesPerSymbol;
  let sum = 0;
  for (let k = 0; k < taps.length; k++) {
    const tap = Math.exp(-(((k - middle) / sigma) ** 2) / 2);
    taps[k] = tap;
    sum += tap;
  }
  for (let k = 0; k < taps.length; k++) taps[k]! /= sum;
  return taps;
}

/** Root-raised-cosine impulse response at `t` symbols (unnormalised: 1 − α + 4α/π at 0). */
function rootRaisedCosineAt(t: number, rollOff: number): number {
  if (Math.abs(t) < 1e-9) return 1 - rollOff + (4 * rollOff) / Math.PI;
  const pole = 4 * rollOff * t;
  if (Math.abs(Math.abs(pole) - 1) < 1e-9) {
    const angle = Math.PI / (4 * rollOff);
    return (rollOff / Math.SQRT2) * ((1 + 2 / Math.PI) * Math.sin(angle) + (1 - 2 / Math.PI) * Math.cos(angle));
  }
  const above = Math.sin(Math.PI * t * (1 - rollOff)) + pole * Math.cos(Math.PI * t * (1 + rollOff));
  return above / (Math.PI * t * (1 - pole * pole));
}

/** Modified Bessel function of order 0, by its power series: converges to double precision for the |x| < 20 used here. */
function besselI0(x: number): number {
  const q = (x * x) / 4;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= q / (k * k);
    sum += term;
  }
  return sum;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function oddLength(samples: number): number {
  return 2 * Math.round(samples / 2) + 1;
}

function checkPulse(samplesPerSymbol: number, spanSymbols: number): void {
  if (!(samplesPerSymbol > 1 && spanSymbols > 0 && samplesPerSymbol * spanSymbols < maxTaps))
    throw new RangeError(`a pulse of ${spanSymbols} symbols of ${samplesPerSymbol} samples cannot be made`);
}
