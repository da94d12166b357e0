import type { Iq } from '../core/types.ts';
import { kernelTaps } from '../filter/fir-decimator.ts';
import type { DecimatorStage, DownConverterDesign } from './down-converter-design.ts';
import { chunkItems, type Kernels, maxKernelTaps } from './kernels.ts';
import { wasmKernels } from './load.ts';
import { bytesPerSample, type SampleFormat } from './sample-format.ts';

export interface DownConverterOptions {
  readonly format: SampleFormat;
  readonly design: DownConverterDesign;
  /** Added to every frequency: a carrier at f comes out at f + shiftHz. */
  readonly shiftHz: number;
  readonly kernels?: Kernels;
}

/** Device bytes in, narrow complex baseband out. Full scale is ±1. */
export interface DownConverter {
  /** Input samples after the one an output belongs to that must be read before it is written. */
  readonly latency: number;
  maxOut(samples: number): number;
  /**
   * Reads `samples` IQ pairs from the start of `bytes`. Output m (counted from reset) is the signal at input sample
   * m·decimation. Returns the IQ pairs written. @throws RangeError when `bytes` is shorter than that
   */
  process(bytes: Uint8Array, samples: number, out: Iq): number;
  /** New shift from the next output on, without a step in phase. @throws RangeError as the factory */
  setShift(shiftHz: number): void;
  /** Forgets samples and phase, keeps the shift. */
  reset(): void;
}

/** First-stage outputs between exact phasors of the oscillator. */
const reseedEvery = 64;

// Scratch layout, in bytes. The window of a stage holds what was left over and a chunk.
const phasorAt = 0;
const bytesAt = 64;
const firstTapsAt = bytesAt + 8 * chunkItems;
const firstWindowAt = firstTapsAt + 16 * maxKernelTaps;
const secondTapsAt = firstWindowAt + 8 * (maxKernelTaps + chunkItems);
const secondWindowAt = secondTapsAt + 8 * maxKernelTaps;
const outputAt = secondWindowAt + 8 * (maxKernelTaps + chunkItems);

/**
 * Convert → shift → decimate in one or two stages. The first stage's taps are turned to the wanted frequency, so the shift
 * costs no pass of its own over the input: only the decimated samples are rotated.
 * @throws RangeError unless |shiftHz| ≤ sampleRate / 2
 */
export function makeDownConverter(options: DownConverterOptions): DownConverter {
  const { format, design, kernels = wasmKernels() } = options;
  const { floats, doubles, bytes: scratch } = kernels;
  const sampleBytes = bytesPerSample[format];
  const [firstDesign, secondDesign] = design.stages;
  const first = makeStage(firstDesign);
  const second = secondDesign === undefined ? null : makeStage(secondDesign);
  const turned = new Float32Array(2 * first.count);
  // The oscillator: phase in cycles at the last exact phasor, first-stage outputs since, phasor now.
  let cyclesPerOutput = 0;
  let seed = 0;
  let since = 0;
  let re = 1;
  let im = 0;

  function setShift(shiftHz: number): void {
    if (!(Math.abs(shiftHz) <= design.sampleRate / 2))
      throw new RangeError(`a shift of ${shiftHz} Hz does not fit a sample rate of ${design.sampleRate} Hz`);
    seed = fraction(seed + since * cyclesPerOutput);
    const cyclesPerSample = shiftHz / design.sampleRate;
    cyclesPerOutput = cyclesPerSample * first.decimation;
    since = 0;
    re = Math.cos(2 * Math.PI * seed);
    im = Math.sin(2 * Math.PI * seed);
    for (let j = 0; j < first.count; j++) {
      // Phase relative to the filter's middle: a change of shift pivots there.
      const angle = 2 * Math.PI * fraction(cyclesPerSample * (j - first.before));
      turned[2 * j] = first.taps[j]! * Math.cos(angle);
      turned[2 * j + 1] = first.taps[j]! * Math.sin(angle);
    }
  }

  function loadTaps(): void {
    const realAt = firstTapsAt >> 2;
    const imaginaryAt = realAt + 2 * first.count;
    for (let j = 0; j < first.count; j++) {
      floats[realAt + 2 * j] = floats[realAt + 2 * j + 1] = turned[2 * j]!;
      floats[imaginaryAt + 2 * j] = floats[imaginaryAt + 2 * j + 1] = turned[2 * j + 1]!;
    }
    if (second === null) return;
    const at = secondTapsAt >> 2;
    for (let j = 0; j < second.count; j++) floats[at + 2 * j] = floats[at + 2 * j + 1] = second.taps[j]!;
  }

  function convert(to: number, samples: number): void {
    if (format === 'cu8') kernels.cu8ToFloat(bytesAt, to, 2 * samples);
    else if (format === 'cs8') kernels.cs8ToFloat(bytesAt, to, 2 * samples);
    else kernels.cs16ToFloat(bytesAt, to, 2 * samples);
  }

  /** Turns the first stage's outputs to 0 Hz; phasors are exact at multiples of `reseedEvery`, however the input is cut. */
  function rotate(at: number, count: number): void {
    const p = phasorAt >> 3;
    doubles[p + 2] = Math.cos(2 * Math.PI * cyclesPerOutput);
    doubles[p + 3] = Math.sin(2 * Math.PI * cyclesPerOutput);
    for (let done = 0; done < count; ) {
      const run = Math.min(reseedEvery - since, count - done);
      doubles[p] = re;
      doubles[p + 1] = im;
      kernels.rotate(at + 8 * done, run, phasorAt);
      done += run;
      since += run;
      if (since === reseedEvery) {
        seed = fraction(seed + reseedEvery * cyclesPerOutput);
        since = 0;
        re = Math.cos(2 * Math.PI * seed);
        im = Math.sin(2 * Math.PI * seed);
      } else {
        re = doubles[p]!;
        im = doubles[p + 1]!;
      }
    }
  }

  setShift(options.shiftHz);
  const secondLatency = second === null ? 0 : (second.count - 1 - second.before) * first.decimation;

  return {
    latency: first.count - 1 - first.before + secondLatency,
    maxOut: (samples) => Math.ceil(samples / design.decimation),
    setShift,
    reset() {
      first.reset();
      second?.reset();
      seed = 0;
      since = 0;
      re = 1;
      im = 0;
    },
    process(bytes, samples, out) {
      if (bytes.length < samples * sampleBytes)
        throw new RangeError(`${samples} samples of ${format} take more than ${bytes.length} bytes`);
      loadTaps();
      let written = 0;
      for (let read = 0; read < samples; ) {
        const take = Math.min(chunkItems, samples - read);
        const fresh = first.restore(floats, firstWindowAt);
        const chunk = bytes.subarray(read * sampleBytes, (read + take) * sampleBytes);
        // float32 needs no conversion: it is copied straight into the window.
        scratch.set(chunk, format === 'cf32' ? fresh : bytesAt);
        if (format !== 'cf32') convert(fresh, take);
        const middle = first.outputs(take);
        const middleAt = second === null ? outputAt : second.restore(floats, secondWindowAt);
        kernels.firIqComplex(firstWindowAt, firstTapsAt, first.count, first.decimation, middle, middleAt);
        rotate(middleAt, middle);
        first.save(floats, firstWindowAt, take, middle);
        let outputs = middle;
        if (second !== null) {
          outputs = second.outputs(middle);
          kernels.firIq(secondWindowAt, secondTapsAt, second.count, second.decimation, outputs, outputAt);
          second.save(floats, secondWindowAt, middle, outputs);
        }
        for (let i = 0; i < 2 * outputs; i++) out[2 * written + i] = floats[(outputAt >> 2) + i]!;
        written += outputs;
        read += take;
      }
      return written;
    },
  };
}

/** What one decimator keeps between calls: its taps, and the IQ pairs that later outputs still need. */
function makeStage({ decimation, taps }: DecimatorStage) {
  const reversed = kernelTaps(taps, decimation);
  const count = reversed.length;
  const before = taps.length - 1 - ((taps.length - 1) >> 1);
  const carry = new Float32Array(2 * count);
  let held = before;
  return {
    decimation,
    taps: reversed,
    count,
    before,
    reset(): void {
      carry.fill(0);
      held = before;
    },
    /** Puts the kept pairs at the start of the window; returns where new ones go. */
    restore(floats: Float32Array, window: number): number {
      for (let i = 0; i < 2 * held; i++) floats[(window >> 2) + i] = carry[i]!;
      return window + 8 * held;
    },
    /** Outputs that can be computed with `fresh` more pairs. */
    outputs(fresh: number): number {
      const total = held + fresh;
      return total < count ? 0 : Math.floor((total - count) / decimation) + 1;
    },
    save(floats: Float32Array, window: number, fresh: number, outputs: number): void {
      const used = outputs * decimation;
      held += fresh - used;
      const at = (window >> 2) + 2 * used;
      for (let i = 0; i < 2 * held; i++) carry[i] = floats[at + i]!;
    },
  };
}

function fraction(cycles: number): number {
  return cycles - Math.floor(cycles);
}
