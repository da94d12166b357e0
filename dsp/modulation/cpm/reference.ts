/** Pulse length that the detector models, in symbols, and patterns of as many bits (oldest bit most significant). */
export const pulseSymbols = 3;
export const patterns = 1 << pulseSymbols;
/** Samples a symbol of the detector. */
export const samplesPerSymbol = 4;

/** What the detector compares with: one symbol interval of every pattern, phase zero at its start. */
export interface CpmReference {
  readonly h: number;
  /** cos ψ_p and sin ψ_p at (i + ½)/4 of the interval, interleaved: [pattern][i][re, im]. */
  readonly wave: Float64Array;
  /** e^{jψ_p(T)}, interleaved. */
  readonly turn: Float64Array;
  /** ψ_p(T) in rad. */
  readonly advance: Float64Array;
}

/** Error function to 1.2e-7. Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26 refined. */
function erf(x: number): number {
  // Series for small, continued fraction for large arguments: exact to double precision where the pulse is not zero.
  const a = Math.abs(x);
  if (a > 5) return Math.sign(x);
  let term = a;
  let sum = a;
  for (let n = 1; n < 120 && Math.abs(term) > 1e-17 * sum; n++) {
    term *= (-a * a) / n;
    sum += term / (2 * n + 1);
  }
  return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
}

/** Frequency pulse of GFSK, unit area, `t` in symbols from its centre. Source: 3GPP TS 45.004, section 2.5. */
export function frequencyPulse(bt: number, t: number): number {
  const k = (2 * Math.PI * bt) / Math.sqrt(2 * Math.log(2));
  return 0.5 * (erf(k * (t + 0.5)) - erf(k * (t - 0.5)));
}

const steps = 64;
const pulses = new Map<number, Float64Array>();

/** The pulse over the symbol intervals of a pattern: [interval step][symbol], made once for a `bt`. */
function pulseTable(bt: number): Float64Array {
  let table = pulses.get(bt);
  if (!table) {
    table = new Float64Array(steps * pulseSymbols);
    for (let s = 0; s < steps; s++)
      for (let j = 0; j < pulseSymbols; j++)
        table[s * pulseSymbols + j] = frequencyPulse(bt, (s + 0.5) / steps - 0.5 - (j - (pulseSymbols - 1) / 2));
    pulses.set(bt, table);
  }
  return table;
}

/** Reference of a modulation index `h` and a bandwidth-time product `bt`. */
export function cpmReference(h: number, bt: number): CpmReference {
  const pulse = pulseTable(bt);
  const wave = new Float64Array(2 * patterns * samplesPerSymbol);
  const turn = new Float64Array(2 * patterns);
  const advance = new Float64Array(patterns);
  const phase = new Float64Array(steps + 1);
  for (let p = 0; p < patterns; p++) {
    for (let s = 0; s < steps; s++) {
      let frequency = 0;
      for (let j = 0; j < pulseSymbols; j++) {
        const sign = (p >> (pulseSymbols - 1 - j)) & 1 ? 1 : -1;
        frequency += sign * pulse[s * pulseSymbols + j]!;
      }
      phase[s + 1] = phase[s]! + (Math.PI * h * frequency) / steps;
    }
    for (let i = 0; i < samplesPerSymbol; i++) {
      const at = ((i + 0.5) / samplesPerSymbol) * steps;
      const angle = phase[at]!;
      wave[2 * (p * samplesPerSymbol + i)] = Math.cos(angle);
      wave[2 * (p * samplesPerSymbol + i) + 1] = Math.sin(angle);
    }
    advance[p] = phase[steps]!;
    turn[2 * p] = Math.cos(phase[steps]!);
    turn[2 * p + 1] = Math.sin(phase[steps]!);
  }
  return { h, wave, turn, advance };
}
