import { describe, expect, test } from 'vitest';
import { addNoise, noiseDensity } from '../../dsp/core/noise.ts';
import { prng } from '../../dsp/core/prng.ts';
import type { ReceivedFrame } from '../../dsp/core/receiver.ts';
import { encodeFrames } from '../../dsp/framing/index.ts';
import { parseMode } from '../../dsp/mode.ts';
import { modulate } from '../../dsp/modulation/modulate.ts';
import { makeReceiver } from '../../dsp/receiver.ts';
import { cases as framingCases } from '../framing/cases/index.ts';
import { randomBytes } from '../framing/deframe.ts';
import { cutsOf, pushInCuts } from '../laws/chunking.ts';

const sampleRate = 48_000;

interface Bursts {
  readonly mode: string;
  readonly frameBytes: number;
  readonly count: number;
  readonly esn0Db: number;
  readonly inverted?: true;
}

function bursts({ mode: text, frameBytes, count, esn0Db, inverted }: Bursts): { iq: Float32Array; sent: string[] } {
  const mode = parseMode(text);
  const { symbolRate } = mode.modulation;
  const random = prng(5);
  const known = framingCases.find(({ params }) => params.kind === mode.framing.kind)!;
  const frames = Array.from({ length: count }, () => (known.frame ?? randomBytes)(frameBytes, random, mode.framing));
  const waves = frames.map((frame) => {
    const bits = encodeFrames(mode.framing, [frame], { preambleBytes: 32 });
    if (inverted) for (let i = 0; i < bits.length; i++) bits[i] = 1 - bits[i]!;
    const startSample = 0.2 * sampleRate + random.uniform();
    return modulate(bits, mode.modulation, { sampleRate, startSample, clockPpm: 20, phase: 6 * random.uniform() });
  });
  const tail = 0.2 * sampleRate;
  const iq = new Float32Array(waves.reduce((n, { firstSample, iq }) => n + 2 * firstSample + iq.length, 2 * tail));
  let at = 0;
  for (const wave of waves) {
    iq.set(wave.iq, at + 2 * wave.firstSample);
    at += 2 * wave.firstSample + wave.iq.length;
  }
  addNoise(iq, noiseDensity(esn0Db, symbolRate), sampleRate, random);
  return { iq, sent: frames.map((frame) => Buffer.from(frame).toString('hex')) };
}

function receive(mode: string, iq: Float32Array, cuts: readonly number[]): ReceivedFrame[] {
  const got: ReceivedFrame[] = [];
  const receiver = makeReceiver(
    parseMode(mode),
    { kind: 'iq', sampleRate },
    { frame: (frame) => got.push(frame), reject() {} },
  );
  pushInCuts((x, n) => receiver.push(x, n), iq, 2, cuts);
  receiver.flush();
  return got;
}

/** Each 1.5 to 2 dB below what soft decisions of single symbols allow. */
const cases: readonly Bursts[] = [
  { mode: 'fsk:9600:ao-40-fec', frameBytes: 256, count: 3, esn0Db: -0.6 },
  { mode: 'fsk:9600:ao-40-fec-short', frameBytes: 128, count: 3, esn0Db: -0.4, inverted: true },
  { mode: 'fsk:9600:mrc-100-ra', frameBytes: 126, count: 3, esn0Db: 0.3 },
  { mode: 'fsk:9600:smog-1-ra', frameBytes: 128, count: 3, esn0Db: 0, inverted: true },
  { mode: 'fsk:9600:openlst', frameBytes: 60, count: 3, esn0Db: 2.7, inverted: true },
];

describe.each(cases)('$mode at Es/N0 $esn0Db dB', (c) => {
  const { iq, sent } = bursts(c);
  const got = receive(c.mode, iq, [iq.length / 2]);

  test('code and modulation in turns give the frames and no other', () => {
    expect(got.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toEqual(sent);
  });

  test('however the input is cut', () => {
    expect(receive(c.mode, iq, cutsOf(iq.length / 2, 4))).toEqual(got);
  });
});
