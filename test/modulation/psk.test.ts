import { describe, expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import type { ReceivedFrame } from '../../dsp/core/receiver.ts';
import { encodeFrames, makeDeframer } from '../../dsp/framing/index.ts';
import { parseMode } from '../../dsp/mode.ts';
import { makeDemodulators } from '../../dsp/modulation/demodulator.ts';
import { modulate } from '../../dsp/modulation/modulate.ts';
import { makeReceiver } from '../../dsp/receiver.ts';

const sampleRate = 48_000;

interface Bursts {
  readonly mode: string;
  readonly frameBytes: number;
  readonly count: number;
  readonly esn0Db: number;
  /** Relative error of the transmitter's symbol rate. */
  readonly rateError?: number;
  /** Carrier at the first burst and between bursts, Hz; sweep in Hz/s. */
  readonly offsetHz?: number;
  readonly stepHz?: number;
  readonly sweepHzPerS?: number;
  readonly inverted?: boolean;
}

/** Bursts of one frame each in noise, 0.15 s apart. */
function bursts(b: Bursts, seed: number): { frames: Uint8Array[]; iq: Float32Array; n: number } {
  const mode = parseMode(b.mode);
  const random = prng(seed);
  const params = { ...mode.modulation, symbolRate: mode.modulation.symbolRate * (1 + (b.rateError ?? 0)) };
  const frames = Array.from({ length: b.count }, () =>
    Uint8Array.from({ length: b.frameBytes }, () => Math.floor(256 * random.uniform())),
  );
  let at = 0.15 * sampleRate;
  const waves = frames.map((frame) => {
    const bits = encodeFrames(mode.framing, [frame], { preambleBytes: 32, tailBytes: 4 });
    const channel = b.inverted ? bits.map((bit) => 1 - bit) : bits;
    const wave = modulate(channel, params, { sampleRate, startSample: at, phase: 6 * random.uniform() });
    at = wave.firstSample + wave.iq.length / 2 + (0.15 + 0.1 * random.uniform()) * sampleRate;
    return wave;
  });
  const n = Math.ceil(at + 0.1 * sampleRate);
  const iq = new Float32Array(2 * n);
  waves.forEach((wave, which) => {
    for (let i = 0; i < wave.iq.length / 2; i++) {
      const t = (wave.firstSample + i) / sampleRate;
      const hz = (b.offsetHz ?? 0) + which * (b.stepHz ?? 0) + 0.5 * (b.sweepHzPerS ?? 0) * t;
      const re = Math.cos(2 * Math.PI * hz * t);
      const im = Math.sin(2 * Math.PI * hz * t);
      const to = 2 * (wave.firstSample + i);
      iq[to] = wave.iq[2 * i]! * re - wave.iq[2 * i + 1]! * im;
      iq[to + 1] = wave.iq[2 * i]! * im + wave.iq[2 * i + 1]! * re;
    }
  });
  const sigma = Math.sqrt(sampleRate / params.symbolRate / 10 ** (b.esn0Db / 10) / 2);
  for (let i = 0; i < 2 * n; i++) iq[i]! += sigma * random.normal();
  return { frames, iq, n };
}

function receive(mode: string, iq: Float32Array, n: number): ReceivedFrame[] {
  const got: ReceivedFrame[] = [];
  const receiver = makeReceiver(
    parseMode(mode),
    { kind: 'iq', sampleRate },
    { frame: (f) => got.push(f), reject() {} },
  );
  for (let at = 0; at < n; at += 8192) {
    const take = Math.min(8192, n - at);
    receiver.push(iq.subarray(2 * at, 2 * (at + take)), take);
  }
  receiver.flush();
  return got;
}

const concatenated = 'bpsk:9600:ccsds-concatenated,frame_size=114,precoding=differential';
const cases: (Bursts & { readonly name: string })[] = [
  { name: 'a coded signal 1 dB below its noise', esn0Db: -0.6, mode: concatenated, frameBytes: 114, count: 6 },
  {
    name: 'a coded signal whose symbol rate is 0.4 % low',
    esn0Db: 0.5,
    rateError: -0.004,
    mode: concatenated,
    frameBytes: 114,
    count: 6,
  },
  {
    name: 'a carrier that jumps between bursts',
    esn0Db: 0.5,
    offsetHz: -1400,
    stepHz: 550,
    mode: concatenated,
    frameBytes: 114,
    count: 6,
  },
  {
    name: 'a drifting carrier at 1200 Bd',
    esn0Db: 1,
    offsetHz: 300,
    sweepHzPerS: 50,
    mode: 'bpsk:1200:ccsds-concatenated,frame_size=60',
    frameBytes: 60,
    count: 2,
  },
  {
    name: 'inverted polarity',
    esn0Db: 0.5,
    inverted: true,
    mode: concatenated,
    frameBytes: 114,
    count: 4,
  },
  { name: 'AO-40 over DBPSK', esn0Db: -0.2, mode: 'dbpsk:9600:ao-40-fec', frameBytes: 256, count: 3 },
  {
    name: 'AO-40 over DBPSK with Manchester',
    esn0Db: 0.3,
    mode: 'dbpsk-manchester:4800:ao-40-fec',
    frameBytes: 256,
    count: 3,
  },
];

describe.each(cases)('$name', (c) => {
  const { frames, iq, n } = bursts(c, 11);
  const got = receive(c.mode, iq, n);

  test('gives its frames and no other', () => {
    expect(got.map((f) => Buffer.from(f.bytes).toString('hex'))).toEqual(
      frames.map((f) => Buffer.from(f).toString('hex')),
    );
  });

  test('knows its Es/N0', () => {
    for (const frame of got) expect(Math.abs(frame.snrDb! - c.esn0Db)).toBeLessThan(1);
  });
});

test('soft bits alone do not carry AO-40 over DBPSK that far', () => {
  const text = 'dbpsk:9600:ao-40-fec';
  const { iq, n } = bursts({ mode: text, frameBytes: 256, count: 2, esn0Db: -0.2 }, 11);
  const mode = parseMode(text);
  const deframer = makeDeframer(mode.framing, { symbolRate: mode.modulation.symbolRate });
  const found: string[] = [];
  const out = { frame: () => found.push('frame'), reject: () => found.push('reject') };
  const [plan] = makeDemodulators(mode.modulation, { kind: 'iq', sampleRate }).plans;
  const demodulator = plan!.make({ symbols: (block) => deframer.push(block.soft[0]!, block.n, out) });
  demodulator.push(iq, n);
  demodulator.flush();
  deframer.flush(out);
  expect(found).toContain('reject');
  expect(found).not.toContain('frame');
});
