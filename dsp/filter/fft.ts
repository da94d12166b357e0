import FFT from 'fft.js';

export interface Fft {
  readonly size: number;
  /** Interleaved complex values, 2·size of them, in place: X[k] = Σ x[n]·e^(−j2πkn/size). */
  forward(x: Float32Array | Float64Array): void;
  /** The inverse of `forward`, scaled by 1/size. */
  inverse(x: Float32Array | Float64Array): void;
}

/** Complex transform in double precision; allocates only here. @throws RangeError unless size is a power of 2, 2 to 2²⁰ */
export function makeFft(size: number): Fft {
  if (!(Number.isInteger(size) && size >= 2 && size <= 1 << 20 && (size & (size - 1)) === 0))
    throw new RangeError(`transform size ${size} is not a power of 2 between 2 and ${1 << 20}`);
  const plan = new FFT(size);
  const input = new Float64Array(2 * size);
  const output = new Float64Array(2 * size);
  return {
    size,
    forward(x) {
      for (let i = 0; i < 2 * size; i++) input[i] = x[i]!;
      plan.transform(output, input);
      for (let i = 0; i < 2 * size; i++) x[i] = output[i]!;
    },
    inverse(x) {
      for (let i = 0; i < 2 * size; i++) input[i] = x[i]!;
      plan.inverseTransform(output, input);
      for (let i = 0; i < 2 * size; i++) x[i] = output[i]!;
    },
  };
}
