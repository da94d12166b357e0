import { isSilent } from '../core/silence.ts';
import type { Block, Iq } from '../core/types.ts';
import { chunkItems, type Kernels } from '../kernels/kernels.ts';
import { wasmKernels } from '../kernels/load.ts';

/** Samples between exact phasors; a table holds how far the phasor has turned at each sample in between. */
const reseedEvery = 256;

// Scratch layout, in bytes: the table and room for three values that a kernel reads beyond it, the samples, the output.
const samplesAt = 8 * reseedEvery + 32;
const outputAt = samplesAt + 8 * chunkItems + 32;

export interface Mixer extends Block<Iq, Iq> {
  /** New shift from the next sample on, without a step in phase. @throws RangeError as the factory */
  setShift(shiftHz: number): void;
}

/**
 * Shifts a complex signal by `shiftHz`: a carrier at f comes out at f + shiftHz. Iq (n) → Iq (n), in place allowed.
 * @throws RangeError unless |shiftHz| ≤ sampleRate / 2
 */
export function mixer(shiftHz: number, sampleRate: number, kernels: Kernels = wasmKernels()): Mixer {
  const { floats } = kernels;
  const turns = new Float32Array(2 * reseedEvery);
  let stepCycles = 0;
  /** Phase in cycles at the last exact phasor, and samples since. */
  let seed = 0;
  let since = 0;

  function setStep(cycles: number): void {
    stepCycles = cycles;
    for (let k = 0; k < reseedEvery; k++) {
      turns[2 * k] = Math.cos(2 * Math.PI * cycles * k);
      turns[2 * k + 1] = Math.sin(2 * Math.PI * cycles * k);
    }
  }

  setStep(cyclesPerSample(shiftHz, sampleRate));
  return {
    maxOut: (n) => n,
    setShift(hz) {
      const next = cyclesPerSample(hz, sampleRate);
      seed = fraction(seed + since * stepCycles);
      since = 0;
      setStep(next);
    },
    process(x, n, y) {
      floats.set(turns, 0);
      const samples = samplesAt >> 2;
      for (let read = 0; read < n; ) {
        const take = Math.min(chunkItems, n - read);
        if (isSilent(x, 2 * read, 2 * (read + take))) {
          y.fill(0, 2 * read, 2 * (read + take));
          for (since += take; since >= reseedEvery; since -= reseedEvery)
            seed = fraction(seed + reseedEvery * stepCycles);
          read += take;
          continue;
        }
        floats.set(x.subarray(2 * read, 2 * (read + take)), samples);
        for (let done = 0; done < take; ) {
          const run = Math.min(reseedEvery - since, take - done);
          const re = Math.cos(2 * Math.PI * seed);
          const im = Math.sin(2 * Math.PI * seed);
          // What a kernel writes beyond a run, the next one overwrites: the runs come in order.
          kernels.turnFrom(samplesAt + 8 * done, 8 * since, re, im, 4 * Math.ceil(run / 4), outputAt + 8 * done);
          done += run;
          since += run;
          if (since === reseedEvery) {
            seed = fraction(seed + reseedEvery * stepCycles);
            since = 0;
          }
        }
        y.set(floats.subarray(outputAt >> 2, (outputAt >> 2) + 2 * take), 2 * read);
        read += take;
      }
      return n;
    },
    reset() {
      seed = 0;
      since = 0;
    },
  };
}

function cyclesPerSample(shiftHz: number, sampleRate: number): number {
  if (!(sampleRate > 0 && Math.abs(shiftHz) <= sampleRate / 2))
    throw new RangeError(`a shift of ${shiftHz} Hz does not fit a sample rate of ${sampleRate} Hz`);
  return shiftHz / sampleRate;
}

function fraction(cycles: number): number {
  return cycles - Math.floor(cycles);
}
