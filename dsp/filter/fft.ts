import FFT from 'fft.js';
import { fftSizes, type Kernels } from '../kernels/kernels.ts';
import { wasmKernels } from '../kernels/load.ts';
import { fftTwiddles } from '../kernels/twiddles.ts';

export interface Fft {
  readonly size: number;
  /** Interleaved complex values, 2·size of them, in place: X[k] = Σ x[n]·e^(−j2πkn/size). */
  forward(x: Float32Array | Float64Array): void;
  /** The inverse of `forward`, scaled by 1/size. */
  inverse(x: Float32Array | Float64Array): void;
}

/**
 * Complex transform; allocates only here. In single precision (errors of 2·10⁻⁷ of the root mean square) by a kernel for
 * sizes of 16 to 2¹⁵, in double precision by fft.js for the others, which are rare.
 * @throws RangeError unless size is a power of 2, 2 to 2²⁰
 */
export function makeFft(size: number, kernels: Kernels = wasmKernels()): Fft {
  if (!(Number.isInteger(size) && size >= 2 && size <= 1 << 20 && (size & (size - 1)) === 0))
    throw new RangeError(`transform size ${size} is not a power of 2 between 2 and ${1 << 20}`);
  return size >= fftSizes.least && size <= fftSizes.most ? kernelFft(size, kernels) : doubleFft(size);
}

function kernelFft(size: number, kernels: Kernels): Fft {
  const twiddles = fftTwiddles(kernels, size);
  const values = kernels.floats.subarray(0, 2 * size);
  return {
    size,
    forward(x) {
      values.set(x.length === 2 * size ? x : x.subarray(0, 2 * size));
      kernels.fft(0, size, twiddles, 8 * size);
      x.set(values);
    },
    inverse(x) {
      values.set(x.length === 2 * size ? x : x.subarray(0, 2 * size));
      kernels.fft(0, size, twiddles, 8 * size);
      const scale = 1 / size;
      // The inverse transform is the transform read backwards.
      for (let n = 0; n < size; n++) {
        const at = 2 * ((size - n) & (size - 1));
        x[2 * n] = scale * values[at]!;
        x[2 * n + 1] = scale * values[at + 1]!;
      }
    },
  };
}

function doubleFft(size: number): Fft {
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
