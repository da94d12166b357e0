// Prints the speed of the sample-rate kernels: node test/bench/kernels.bench.ts [--rounds N]. Millions of
// input items (samples, pairs, symbols, information bits) a second: medians of interleaved runs, the first ones left out.

import { parseArgs } from 'node:util';
import { convolutionalCodes } from '../../dsp/coding/convolutional.ts';
import { makeFft } from '../../dsp/filter/fft.ts';
import { firIq, firReal } from '../../dsp/filter/fir-decimator.ts';
import { lowPass } from '../../dsp/filter/fir-design.ts';
import { mixer } from '../../dsp/filter/mixer.ts';
import { resampleIq } from '../../dsp/filter/resampler.ts';
import { makeDownConverter } from '../../dsp/kernels/down-converter.ts';
import { designDownConverter } from '../../dsp/kernels/down-converter-design.ts';
import { plainKernels } from '../../dsp/kernels/plain.ts';
import { bytesPerSample } from '../../dsp/kernels/sample-format.ts';
import { trellisK7 } from '../../dsp/kernels/trellis.ts';
import { CpmDetector, correlate } from '../../dsp/modulation/cpm/detector.ts';
import { JointDecoder } from '../../dsp/modulation/cpm/joint-decoder.ts';
import { cpmReference } from '../../dsp/modulation/cpm/reference.ts';
import { ringStride, scoredPositions, WordScores } from '../../dsp/modulation/cpm/word-scores.ts';
import { discriminator } from '../../dsp/modulation/discriminator.ts';

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

function block(name: string, candidate: { process(x: Float32Array, n: number, y: Float32Array): unknown }): Candidate {
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

const cpmSymbols = 288;
const reference = cpmReference(0.7, 0.5);
const z = new Float32Array(16 * cpmSymbols);
const llr = new Float32Array(cpmSymbols);
const pattern = new Uint8Array(cpmSymbols);
correlate(reference, x, 0, cpmSymbols, z);
const infoBits = 128;
const ring = Float32Array.from({ length: 16 * ringStride }, (_, i) => z[i % z.length]!);
const words = [0, 1].map((word) => Uint8Array.from({ length: 126 }, (_, i) => (i * i + (i < 63 ? 0 : word)) & 7));
const centres = new Float64Array(scoredPositions);
/** Blocks of some hundred symbols are too short to be timed one by one. */
function repeated(name: string, items: number, run: () => void): Candidate {
  const times = 32;
  return {
    name,
    items: times * items,
    run: () => {
      for (let i = 0; i < times; i++) run();
    },
  };
}
const cpm = ([undefined, plain] as const).flatMap((kernels): Candidate[] => {
  const kind = kernels ? 'plain' : 'wasm';
  const scores = new WordScores(words, kernels);
  scores.setReference(reference);
  const joint = new JointDecoder(reference, 0.97, kernels);
  const code = convolutionalCodes.ccsds;
  const request = {
    code,
    bits: infoBits,
    inverted: false,
    startState: 0,
    endState: null,
    out: new Uint8Array(infoBits),
  };
  const detectors = ([2, 3] as const).map((memory) => {
    const detector = new CpmDetector(reference, 0.93, cpmSymbols, memory, kernels);
    return repeated(`CPM detector, ${1 << memory} states ${kind}`, cpmSymbols - 32, () =>
      detector.detect(z, cpmSymbols - 32, 32, llr, pattern),
    );
  });
  return [
    repeated(`CPM correlations ${kind}`, cpmSymbols, () => correlate(reference, x, 0, cpmSymbols, z, kernels)),
    ...detectors,
    repeated(`CPM and K=7 joint trellis ${kind}`, infoBits, () => joint.decode(z, 1, [1, 0], request)),
    repeated(`CPM known words ${kind}`, scoredPositions, () => scores.score(ring, 0, scoredPositions, centres)),
  ];
});

const transforms = [1024, 4096].flatMap((size) =>
  ([{}, { kernels: plain }] as const).map((choice): Candidate => {
    const isPlain = 'kernels' in choice;
    const fft = isPlain ? makeFft(size, choice.kernels) : makeFft(size);
    const spectrum = x.slice(0, 2 * size);
    const run = () => {
      for (let i = 0; i < 20; i++) {
        spectrum.set(x.subarray(0, 2 * size));
        fft.forward(spectrum);
      }
    };
    return { name: `FFT ${size} ${isPlain ? 'fft.js' : 'wasm'}`, items: 20 * size, run };
  }),
);
const candidates: Candidate[] = [
  ...downConverters,
  block(`FIR ${taps.length} taps IQ wasm`, firIq(taps)),
  block(`FIR ${taps.length} taps IQ plain`, firIq(taps, { kernels: plain })),
  block(`FIR ${taps.length} taps real wasm`, firReal(taps)),
  block(`FIR ${taps.length} taps real plain`, firReal(taps, { kernels: plain })),
  block('resample 250 k → 48 k IQ', resampleIq({ from: 250_000, to: 48_000 })),
  block('resample 48 k → 57.6 k IQ', resampleIq({ from: 48_000, to: 57_600 })),
  block('resample 48 k → 44.1 k IQ (interpolated)', resampleIq({ from: 48_000, to: 44_100 })),
  block('mixer wasm', mixer(-1234, 48_000)),
  block('mixer plain', mixer(-1234, 48_000, plain)),
  block('discriminator wasm', discriminator(48_000)),
  block('discriminator plain', discriminator(48_000, plain)),
  ...trellises,
  ...cpm,
  ...transforms,
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
