import { describe, expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { firIq } from '../../dsp/filter/fir-decimator.ts';
import { mixer } from '../../dsp/filter/mixer.ts';
import { type DownConverter, makeDownConverter } from '../../dsp/kernels/down-converter.ts';
import { designDownConverter } from '../../dsp/kernels/down-converter-design.ts';
import { plainKernels } from '../../dsp/kernels/plain.ts';
import { bytesPerSample, type SampleFormat } from '../../dsp/kernels/sample-format.ts';
import { errorDb, powerDb, runBlock, tone } from '../filter/run-block.ts';
import { cutsOf } from '../laws/chunking.ts';

const formats = ['cu8', 'cs8', 'cs16', 'cf32'] as const;
const plain = plainKernels();
const bytesOf = (x: Float32Array | Int16Array) => new Uint8Array(x.buffer, x.byteOffset, x.byteLength);

function randomBytes(format: SampleFormat, samples: number): Uint8Array {
  const random = prng(samples);
  if (format === 'cf32') return bytesOf(Float32Array.from({ length: 2 * samples }, () => 0.3 * random.normal()));
  return Uint8Array.from({ length: bytesPerSample[format] * samples }, () => random.uint32() & 255);
}

function run(dc: DownConverter, bytes: Uint8Array, sampleBytes: number, cuts: readonly number[]): Float32Array {
  const pieces: number[] = [];
  let at = 0;
  for (const cut of cuts) {
    const out = new Float32Array(2 * dc.maxOut(cut)).fill(Number.NaN);
    const written = dc.process(bytes.slice(at * sampleBytes, (at + cut) * sampleBytes), cut, out);
    if (written > dc.maxOut(cut)) throw new Error(`${written} pairs written, ${dc.maxOut(cut)} announced`);
    pieces.push(...out.subarray(0, 2 * written));
    at += cut;
  }
  return Float32Array.from(pieces);
}

/** The documented level of each format, one value at a time. */
function valuesOf(format: SampleFormat, bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = (2 * bytes.length) / bytesPerSample[format];
  return Float32Array.from({ length: count }, (_, i) => {
    if (format === 'cu8') return (view.getUint8(i) - 127.5) / 127.5;
    if (format === 'cs8') return view.getInt8(i) / 128;
    return format === 'cs16' ? view.getInt16(2 * i, true) / 32768 : view.getFloat32(4 * i, true);
  });
}

describe.each(formats)('down-converter, %s', (format) => {
  const design = designDownConverter(240_000, 16_000, 6000);
  const samples = 20_011;
  const bytes = randomBytes(format, samples);
  const size = bytesPerSample[format];

  test.each([['wasm'], ['plain']])('%s: mixing first and filtering then gives the same', (name) => {
    const shiftHz = -31_415.9;
    const options = name === 'plain' ? { kernels: plain } : {};
    const y = run(makeDownConverter({ format, design, shiftHz, ...options }), bytes, size, [samples]);
    let ideal = runBlock(mixer(shiftHz, 240_000), valuesOf(format, bytes), 2);
    for (const { taps, decimation } of design.stages)
      ideal = runBlock(firIq(taps, { decimation, kernels: plain }), ideal, 2);
    expect(y.length).toBe(ideal.length);
    for (let i = 0; i < y.length; i++) expect(Math.abs(y[i]! - ideal[i]!)).toBeLessThan(1e-5);
  });

  test.each([['wasm'], ['plain']])('%s: chunking does not matter', (name) => {
    const options = name === 'plain' ? { kernels: plain } : {};
    const dc = makeDownConverter({ format, design, shiftHz: 12_345, ...options });
    const whole = run(dc, bytes, size, [samples]);
    expect(whole.length).toBeGreaterThan(0);
    for (let seed = 0; seed < 10; seed++) {
      dc.reset();
      expect(run(dc, bytes, size, cutsOf(samples, seed))).toEqual(whole);
    }
  });

  test('fewer bytes than samples are refused', () => {
    const dc = makeDownConverter({ format, design, shiftHz: 0 });
    expect(() => dc.process(bytes.subarray(0, 10 * size - 1), 10, new Float32Array(20))).toThrow(/10 samples/);
  });
});

describe.each([
  [2_400_000, 48_000, 20_000],
  [2_400_000, 200_000, 80_000],
  [1_024_000, 9600, 4000],
  [250_000, 48_000, 12_000],
  [96_000, 48_000, 20_000],
  [48_000, 48_000, 20_000],
])('from %d to at least %d, ± %d Hz', (sampleRate, atLeast, passbandHz) => {
  const design = designDownConverter(sampleRate, atLeast, passbandHz);
  const samples = Math.ceil(600 * design.decimation);
  const converted = (f: number, shiftHz: number) => {
    const dc = makeDownConverter({ format: 'cf32', design, shiftHz });
    return run(dc, bytesOf(tone(f / sampleRate, samples)), 8, [samples]);
  };
  const margin = 60;

  test('the design keeps what was asked', () => {
    expect(design.outputRate).toBeGreaterThanOrEqual(atLeast);
    expect(design.outputRate).toBeLessThan(2.1 * atLeast);
    expect(design.outputRate).toBe(sampleRate / design.decimation);
    expect(design.stages.reduce((product, stage) => product * stage.decimation, 1)).toBe(design.decimation);
  });

  test('the pass band is flat and in its place', () => {
    for (const part of [-1, -0.5, 0, 0.3, 1]) {
      const shiftHz = -0.21 * sampleRate;
      const y = converted(part * passbandHz - shiftHz, shiftHz);
      const ideal = tone((part * passbandHz) / design.outputRate, y.length / 2);
      expect(errorDb(y, ideal, margin, y.length / 2)).toBeLessThan(-66);
    }
  });

  test('every frequency that folds into the pass band is 70 dB down', () => {
    for (let alias = 1; alias < design.decimation; alias += Math.max(1, Math.floor(design.decimation / 17)))
      for (const part of [-1, -0.4, 0.7, 1]) {
        const f = alias * design.outputRate + part * passbandHz;
        const y = converted(f > sampleRate / 2 ? f - sampleRate : f, 0);
        expect(powerDb(y, margin, y.length / 2)).toBeLessThan(-70);
      }
  });
});

describe('the shift', () => {
  const design = designDownConverter(240_000, 24_000, 8000);

  test('changes without a step in phase, and the new frequency is exact', () => {
    const samples = 48_000;
    const dc = makeDownConverter({ format: 'cf32', design, shiftHz: 1000 });
    const bytes = bytesOf(tone(0, samples));
    const before = run(dc, bytes, 8, [samples]);
    dc.setShift(1400);
    const after = run(dc, bytes, 8, [samples]);
    const angle = (y: Float32Array, i: number) => Math.atan2(y[2 * i + 1]!, y[2 * i]!);
    const wrap = (x: number) => x - 2 * Math.PI * Math.round(x / (2 * Math.PI));
    const all = Float32Array.from([...before, ...after]);
    for (let i = 100; i < all.length / 2; i++) {
      const turned = wrap(angle(all, i) - angle(all, i - 1));
      const [low, high] = [1000, 1400].map((hz) => (2 * Math.PI * hz) / design.outputRate) as [number, number];
      // The filter rings by 9 % of a step in frequency (Gibbs); a step in phase would show many times larger.
      expect(turned).toBeGreaterThan(low - 0.1 * (high - low));
      expect(turned).toBeLessThan(high + 0.1 * (high - low));
    }
    const last = all.length / 2 - 1;
    const cycles = (1400 / design.outputRate) * 1000;
    expect(wrap(angle(all, last) - angle(all, last - 1000) - 2 * Math.PI * cycles)).toBeCloseTo(0, 5);
  });

  test('the phase counts from input sample 0, without drift over minutes', () => {
    const chunk = 240_000;
    // A constant: 255 is +1, 127.5 can't be said, so the imaginary part is +1 too.
    const bytes = new Uint8Array(2 * chunk).fill(255);
    const direct = makeDownConverter({ format: 'cu8', design, shiftHz: 321.1 });
    const out = new Float32Array(2 * direct.maxOut(chunk));
    let written = 0;
    let last = 0;
    for (let second = 0; second < 40; second++) {
      last = direct.process(bytes, chunk, out);
      written += last;
    }
    const m = written - 1;
    const cycles = (321.1 * m * design.decimation) / 240_000;
    const angle = 2 * Math.PI * (cycles - Math.floor(cycles) + 1 / 8);
    expect(out[2 * (last - 1)]).toBeCloseTo(Math.SQRT2 * Math.cos(angle), 3);
    expect(out[2 * (last - 1) + 1]).toBeCloseTo(Math.SQRT2 * Math.sin(angle), 3);
  });

  test('beyond half the sample rate it is refused', () => {
    expect(() => makeDownConverter({ format: 'cu8', design, shiftHz: 120_001 })).toThrow(RangeError);
    expect(() => makeDownConverter({ format: 'cu8', design, shiftHz: 0 }).setShift(Number.NaN)).toThrow(RangeError);
  });
});

test('designs that cannot be are refused', () => {
  expect(() => designDownConverter(48_000, 96_000, 1000)).toThrow(/output rate/);
  expect(() => designDownConverter(2_400_000, 48_000, 24_000)).toThrow(/pass band/);
  expect(() => designDownConverter(Number.NaN, 48_000, 20_000)).toThrow(RangeError);
});
