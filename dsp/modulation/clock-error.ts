/**
 * Symbols that one estimate of a symbol clock comes from, whatever the demodulator: a frame that is no longer has no slope
 * that the noise around it does not bend.
 */
const windowSymbols = 700;
/**
 * Variance of the clock error is `slopeVariance` / (n³·Es/N0): timing that is independent from symbol to symbol with the
 * variance v has a least-squares slope of the variance 12·v / n³, and v falls with Es/N0. Measured over demodulators,
 * indices, 0 to 10 dB and 700 to 5200 symbols: 2 to 9.
 */
const slopeVariance = 10;
/** What a measured clock error must be better than, one standard deviation. */
const greatestDeviation = 50e-6;

/**
 * Error of a symbol clock in parts per million, positive when symbols come faster than nominal: from the least-squares
 * slope of the positions, in input samples, of the `n` symbols from index `from` of a ring, its size a power of two.
 * Null where it would not be better than 50 ppm: n³·Es/N0 < 10 / (50·10⁻⁶)² = 4·10⁹ (740 symbols at 10 dB, 1260 at 3 dB,
 * 1590 at 0 dB), or below 700 symbols.
 */
export function clockErrorPpm(
  ring: Float64Array,
  from: number,
  n: number,
  samplesPerSymbol: number,
  esn0Db: number | null,
): number | null {
  if (esn0Db === null || n < windowSymbols) return null;
  if (slopeVariance / (n ** 3 * 10 ** (esn0Db / 10)) > greatestDeviation ** 2) return null;
  const mask = ring.length - 1;
  const first = ring[from & mask]!;
  const middle = (n - 1) / 2;
  // Only what differs from the nominal clock is summed, so that nothing large cancels.
  let slope = 0;
  for (let k = 0; k < n; k++) slope += (k - middle) * (ring[(from + k) & mask]! - first - k * samplesPerSymbol);
  slope /= (n * (n * n - 1)) / 12;
  return 1e6 * (samplesPerSymbol / (samplesPerSymbol + slope) - 1);
}
