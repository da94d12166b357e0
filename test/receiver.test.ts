import { expect, test } from 'vitest';
import { prng } from '../dsp/core/prng.ts';
import type { ReceivedFrame } from '../dsp/core/receiver.ts';
import { encodeFrames } from '../dsp/framing/index.ts';
import { parseMode } from '../dsp/mode.ts';
import { modulate } from '../dsp/modulation/modulate.ts';
import { makeReceiver } from '../dsp/receiver.ts';
import { cutsOf, pushInCuts } from './laws/chunking.ts';

const sampleRate = 48_000;

/** Bursts of one frame each in noise, `ebn0Db` for uncoded symbols. */
function burstsOf(modeText: string, frames: readonly Uint8Array[], esn0Db: number): Float32Array {
  const mode = parseMode(modeText);
  const random = prng(11);
  const waves: { iq: Float32Array; firstSample: number }[] = [];
  let at = 0.2 * sampleRate;
  for (const frame of frames) {
    const bits = encodeFrames(mode.framing, [frame], { preambleBytes: 32 });
    waves.push(
      modulate(bits, mode.modulation, { sampleRate, startSample: at + random.uniform(), phase: 6 * random.uniform() }),
    );
    at += (bits.length * sampleRate) / mode.modulation.symbolRate + 0.25 * sampleRate;
  }
  const iq = new Float32Array(2 * Math.ceil(at));
  for (const wave of waves) for (let i = 0; i < wave.iq.length; i++) iq[2 * wave.firstSample + i]! += wave.iq[i]!;
  const sigma = Math.sqrt(sampleRate / mode.modulation.symbolRate / 10 ** (esn0Db / 10) / 2);
  for (let i = 0; i < iq.length; i++) iq[i]! += sigma * random.normal();
  return iq;
}

function receive(modeText: string, iq: Float32Array, cuts: readonly number[]): ReceivedFrame[] {
  const got: ReceivedFrame[] = [];
  const receiver = makeReceiver(
    parseMode(modeText),
    { kind: 'iq', sampleRate },
    { frame: (f) => got.push(f), reject() {} },
  );
  pushInCuts((x, n) => receiver.push(x, n), iq, 2, cuts);
  receiver.flush();
  return got;
}

const payloads = (count: number, length: number): Uint8Array[] => {
  const random = prng(3);
  return Array.from({ length: count }, () => Uint8Array.from({ length }, () => random.uint32() & 255));
};

const modes = [
  { mode: 'fsk:9600:ax25-g3ruh', length: 60, esn0Db: 10 },
  { mode: 'fsk:4800:ax100-asmgolay', length: 60, esn0Db: 8 },
  { mode: 'fsk:9600:usp', length: 40, esn0Db: 3 },
  { mode: 'bpsk:1200:ax25', length: 40, esn0Db: 9 },
  {
    mode: 'bpsk:9600:ccsds-concatenated,precoding=differential,rs_basis=conventional,frame_size=114',
    length: 114,
    esn0Db: 5,
  },
];

test.each(modes)('$mode: every frame once, however the input is cut', ({ mode, length, esn0Db }) => {
  const frames = payloads(3, length);
  const iq = burstsOf(mode, frames, esn0Db);
  const whole = receive(mode, iq, [iq.length / 2]);
  expect(whole.map((f) => Buffer.from(f.bytes).toString('hex'))).toEqual(
    frames.map((f) => Buffer.from(f).toString('hex')),
  );
  for (const frame of whole) {
    expect(frame.endSample).toBeGreaterThan(frame.sample);
    expect(Math.abs(frame.snrDb! - esn0Db)).toBeLessThan(3);
  }
  expect(receive(mode, iq, cutsOf(iq.length / 2, 3))).toEqual(whole);
});

test('samples that are no numbers cost what they cover, not what follows', () => {
  const mode = 'fsk:9600:ax25-g3ruh';
  const frames = payloads(3, 60);
  const iq = burstsOf(mode, frames, 12);
  for (let i = 100; i < 140; i++) iq[i] = Number.NaN;
  iq[300] = Number.POSITIVE_INFINITY;
  expect(receive(mode, iq, [1000, iq.length / 2 - 1000])).toHaveLength(3);
});

test('the same bytes sent again are given again', () => {
  const [frame] = payloads(1, 60);
  const iq = burstsOf('fsk:9600:ax25-g3ruh', [frame!, frame!], 12);
  expect(receive('fsk:9600:ax25-g3ruh', iq, [iq.length / 2])).toHaveLength(2);
});

test('repaired frames can be refused', () => {
  const mode = parseMode('fsk:9600:ax25-g3ruh');
  const random = prng(8);
  const header = Uint8Array.from('86a240404040608aa6a89062646103f0'.match(/../g)!.map((x) => Number.parseInt(x, 16)));
  const frames = Array.from({ length: 12 }, () =>
    Uint8Array.from([...header, ...Array.from({ length: 60 }, () => random.uint32() & 255)]),
  );
  const iq = burstsOf('fsk:9600:ax25-g3ruh', frames, 6);
  const counted = (maxTrials: number): { all: number; repaired: number } => {
    const got: ReceivedFrame[] = [];
    const sink = { frame: (f: ReceivedFrame) => got.push(f), reject() {} };
    const receiver = makeReceiver(mode, { kind: 'iq', sampleRate }, sink, { maxTrials });
    receiver.push(iq, iq.length / 2);
    receiver.flush();
    return { all: got.length, repaired: got.filter((f) => f.integrity.repairedBits > 0).length };
  };
  const plain = counted(0);
  const listed = counted(200);
  expect(plain.repaired).toBe(0);
  expect(listed.repaired).toBeGreaterThan(0);
  expect(listed.all).toBeGreaterThan(plain.all);
});
