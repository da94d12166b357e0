import { fftSizes, type Kernels } from '../kernels/kernels.ts';
import { wasmKernels } from '../kernels/load.ts';
import { bytesPerSample, type SampleFormat } from '../kernels/sample-format.ts';
import { fftTwiddles } from '../kernels/twiddles.ts';

/** The power spectrum of one block of a capture, straight from the radio's bytes. Allocates only when it is made. */
export interface BlockSpectrum {
  readonly size: number;
  /**
   * Adds the power of each bin of `size` IQ pairs to `sums`, lowest frequency first: bin k is (k − size/2)·sampleRate/size.
   * A tone of full scale in the middle of a bin adds 1.
   * @throws RangeError when there are fewer bytes or sums
   */
  add(bytes: Uint8Array, sums: Float32Array): void;
}

/** Under a Hann window, by the kernels. @throws RangeError unless size is a power of 2 that has a kernel */
export function blockSpectrum(size: number, format: SampleFormat, kernels: Kernels = wasmKernels()): BlockSpectrum {
  if (!(Number.isInteger(Math.log2(size)) && size >= fftSizes.least && size <= fftSizes.most))
    throw new RangeError(`a spectrum of ${size} bins is not a power of 2 from ${fftSizes.least} to ${fftSizes.most}`);
  const { floats, bytes: scratch } = kernels;
  const twiddles = fftTwiddles(kernels, size);
  const workAt = 8 * size;
  const blockBytes = size * bytesPerSample[format];
  const window = new Float32Array(size);
  // The periodic Hann window sums to size/2.
  for (let k = 0; k < size; k++) window[k] = (1 - Math.cos((2 * Math.PI * k) / size)) / size;

  function load(bytes: Uint8Array): void {
    const block = bytes.length === blockBytes ? bytes : bytes.subarray(0, blockBytes);
    scratch.set(block, format === 'cf32' ? 0 : workAt);
    if (format === 'cu8') kernels.cu8ToFloat(workAt, 0, 2 * size);
    else if (format === 'cs8') kernels.cs8ToFloat(workAt, 0, 2 * size);
    else if (format === 'cs16') kernels.cs16ToFloat(workAt, 0, 2 * size);
  }

  return {
    size,
    add(bytes, sums) {
      if (bytes.length < blockBytes || sums.length < size)
        throw new RangeError(`a block of ${size} ${format} samples does not fit ${bytes.length} bytes`);
      load(bytes);
      for (let k = 0; k < size; k++) {
        const w = window[k]!;
        floats[2 * k] = floats[2 * k]! * w;
        floats[2 * k + 1] = floats[2 * k + 1]! * w;
      }
      kernels.fft(0, size, twiddles, workAt);
      kernels.powers(0, size, workAt);
      const half = size >> 1;
      const at = workAt >> 2;
      for (let k = 0; k < half; k++) {
        sums[k] = sums[k]! + floats[at + half + k]!;
        sums[half + k] = sums[half + k]! + floats[at + k]!;
      }
    },
  };
}
