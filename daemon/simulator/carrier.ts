/** How one signal passes through one block. */
export interface CarrierMove {
  /** Where the block's first sample lies in the envelope, and how far each further one moves, in envelope samples. */
  readonly position: number;
  readonly step: number;
  readonly amplitude: number;
  /** Carrier phase of the first sample and its increment, rad. */
  readonly phase: number;
  readonly phaseStep: number;
}

/**
 * Adds an envelope, resampled and turned by its carrier, to `mix` (n IQ pairs). Interpolates by Catmull-Rom cubics; outside of
 * the envelope nothing is added.
 */
export function addCarrier(mix: Float32Array, n: number, envelope: Float32Array, move: CarrierMove): void {
  const { position, step, amplitude, phase, phaseStep } = move;
  const last = envelope.length / 2 - 3;
  const from = Math.max(0, Math.ceil((1 - position) / step));
  const to = Math.min(n, Math.floor((last - position) / step) + 1);
  let re = amplitude * Math.cos(phase + phaseStep * from);
  let im = amplitude * Math.sin(phase + phaseStep * from);
  const cos = Math.cos(phaseStep);
  const sin = Math.sin(phaseStep);
  for (let k = from; k < to; k++) {
    const x = position + step * k;
    const i = Math.floor(x);
    const u = x - i;
    const j = 2 * i;
    const v = u * u;
    const w = v * u;
    const h0 = 0.5 * (-w + 2 * v - u);
    const h1 = 0.5 * (3 * w - 5 * v + 2);
    const h2 = 0.5 * (-3 * w + 4 * v + u);
    const h3 = 0.5 * (w - v);
    const a = h0 * envelope[j - 2]! + h1 * envelope[j]! + h2 * envelope[j + 2]! + h3 * envelope[j + 4]!;
    const b = h0 * envelope[j - 1]! + h1 * envelope[j + 1]! + h2 * envelope[j + 3]! + h3 * envelope[j + 5]!;
    mix[2 * k] = mix[2 * k]! + a * re - b * im;
    mix[2 * k + 1] = mix[2 * k + 1]! + a * im + b * re;
    const turned = re * cos - im * sin;
    im = re * sin + im * cos;
    re = turned;
  }
}
