// Prints the speed of the sample-rate kernels: node test/bench/kernels.bench.ts [--rounds N]. Millions of
// input items (samples, pairs, information bits) a second: medians of interleaved runs, the first ones left out.

import { parseArgs } from 'node:util';
import { makeFft } from '../../dsp/filter/fft.ts';
import { type AlignedBlock, firIq, firReal } from '../../dsp/filter/fir-decimator.ts';
import { lowPass } from '../../dsp/filter/fir-design.ts';
import { mixer } from '../../dsp/filter/mixer.ts';
import { resampleIq } from '../../dsp/filter/resampler.ts';
import { makeDownConverter } from '../../dsp/kernels/down-converter.ts';
import { designDownConverter } from '../../dsp/kernels/down-converter-design.ts';
import { plainKernels } from '../../dsp/kernels/plain.ts';
import { bytesPerSample } from '../../dsp/kernels/sample-format.ts';
import { trellisK7 } from '../../dsp/kernels/trellis.ts';

interface Candidate {
  readonly name: string;
  /** Items an iteration reads. */
  readonly items: number;
  readonly run: () => void;
}

const samples = 120_000;
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '25' } } });
const rounds = Number(values.rounds);
if (!(Number.isInteger(rounds) && rounds > 0)) throw new RangeError(`${values.rounds} rounds are none to measure`);
const warmUp = Math.floor(rounds / 5);
const plain = plainKernels();
const design = designDownConverter(2_400_000, 48_000, 20_000);
const out = new Float32Array(4 * samples);
const x = Float32Array.from({ length: 2 * samples }, (_, i) => Math.sin(i * i * 0.001));
const taps = lowPass({ sampleRate: 1, passHz: 0.1, stopHz: 0.17, stopDb: 70 });

const downConverters = (['cu8', 'cs16', 'cf32'] as const).flatMap((format) => {
  const bytes = new Uint8Array(samples * bytesPerSample[format]);
  if (format !== 'cf32') for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 2_654_435_761) >>> 24;
  return ([{}, { kernels: plain }] as const).map((kernels): Candidate => {
    const dc = makeDownConverter({ format, design, shiftHz: -123_456, ...kernels });
    const kind = 'kernels' in kernels ? 'plain' : 'wasm';
    return { name: `DDC 2.4 M → 48 k ${format} ${kind}`, items: samples, run: () => dc.process(bytes, samples, out) };
  });
});

function block(name: string, candidate: Pick<AlignedBlock<Float32Array, Float32Array>, 'process'>): Candidate {
  const items = 20_000;
  return { name, items, run: () => candidate.process(x, items, out) };
}

const bits = 8192;
const symbols = Int32Array.from({ length: 2 * bits }, (_, i) => 1000 * Math.sin(i * i));
const decisions = new Int32Array(2 * bits);
const pairs = Array.from({ length: 32 }, (_, i) => i & 3);
const trellises = ([{}, { kernels: plain }] as const).map((choice): Candidate => {
  const trellis = 'kernels' in choice ? trellisK7(pairs, choice.kernels) : trellisK7(pairs);
  const run = () => {
    trellis.metrics.fill(0);
    trellis.run(symbols, bits, decisions);
  };
  return { name: `Viterbi K=7 forward pass ${'kernels' in choice ? 'plain' : 'wasm'}`, items: bits, run };
});

const fft = makeFft(1024);
const spectrum = new Float32Array(2048);
const candidates: Candidate[] = [
  ...downConverters,
  block(`FIR ${taps.length} taps IQ wasm`, firIq(taps)),
  block(`FIR ${taps.length} taps IQ plain`, firIq(taps, { kernels: plain })),
  block(`FIR ${taps.length} taps real wasm`, firReal(taps)),
  block(`FIR ${taps.length} taps real plain`, firReal(taps, { kernels: plain })),
  block('resample 250 k → 48 k IQ', resampleIq({ from: 250_000, to: 48_000 })),
  block('resample 48 k → 57.6 k IQ', resampleIq({ from: 48_000, to: 57_600 })),
  block('resample 48 k → 44.1 k IQ (interpolated)', resampleIq({ from: 48_000, to: 44_100 })),
  block('mixer', mixer(-1234, 48_000)),
  ...trellises,
  { name: 'FFT 1024 (fft.js)', items: 1024, run: () => fft.forward(spectrum) },
];

const times = candidates.map((): number[] => []);
for (let round = 0; round < rounds; round++)
  for (const [i, { run }] of candidates.entries()) {
    const start = performance.now();
    run();
    times[i]!.push(performance.now() - start);
  }
for (const [i, { name, items }] of candidates.entries()) {
  const sorted = times[i]!.slice(warmUp).sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1]!;
  console.log(`${name.padEnd(42)} ${(items / median / 1000).toFixed(1).padStart(7)} M/s`);
}
