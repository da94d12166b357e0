import { expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import type { ReceivedFrame, ReceiverInput } from '../../dsp/core/receiver.ts';
import { encodeFrames } from '../../dsp/framing/index.ts';
import { parseMode } from '../../dsp/mode.ts';
import { clockErrorPpm } from '../../dsp/modulation/clock-error.ts';
import { FrameMerger } from '../../dsp/modulation/frame-merger.ts';
import { modulate } from '../../dsp/modulation/modulate.ts';
import { makeReceiver } from '../../dsp/receiver.ts';
import { frameOf } from '../receiver/counting-receiver.ts';

const sampleRate = 48_000;
const clockPpm = 80;
const offsetHz = 600;
const usualEsn0Db = 10;

interface Channel {
  readonly modulationIndex?: number;
  readonly esn0Db?: number;
}

/** What is received of one frame of random bytes in noise. */
function receive(modeText: string, length: number, seed: number, channel: Channel = {}): ReceivedFrame {
  const mode = parseMode(modeText);
  const { modulationIndex, esn0Db = usualEsn0Db } = channel;
  const { symbolRate } = mode.modulation;
  const samplesPerSymbol = sampleRate / symbolRate;
  const random = prng(seed);
  const bytes = Uint8Array.from({ length }, () => random.uint32() & 255);
  const bits = encodeFrames(mode.framing, [bytes], { preambleBytes: 32 });
  const startSample = 300 * samplesPerSymbol + random.uniform();
  // The modulator's error is one of the period.
  const wave = modulate(bits, mode.modulation, {
    sampleRate,
    startSample,
    phase: 6 * random.uniform(),
    clockPpm: -clockPpm,
    ...(modulationIndex === undefined ? {} : { modulationIndex }),
  });
  const iq = new Float32Array(2 * Math.ceil(startSample + (bits.length + 300) * samplesPerSymbol));
  iq.set(wave.iq, 2 * wave.firstSample);
  const sigma = Math.sqrt(samplesPerSymbol / 10 ** (esn0Db / 10) / 2);
  for (let i = 0; i < iq.length; i += 2) {
    const angle = (Math.PI * offsetHz * i) / sampleRate;
    const re = iq[i]!;
    const im = iq[i + 1]!;
    iq[i] = re * Math.cos(angle) - im * Math.sin(angle) + sigma * random.normal();
    iq[i + 1] = re * Math.sin(angle) + im * Math.cos(angle) + sigma * random.normal();
  }
  return only(modeText, { kind: 'iq', sampleRate }, iq, iq.length / 2);
}

function only(modeText: string, input: ReceiverInput, x: Float32Array, n: number): ReceivedFrame {
  const got: ReceivedFrame[] = [];
  const receiver = makeReceiver(parseMode(modeText), input, { frame: (f) => got.push(f), reject() {} });
  receiver.push(x, n);
  receiver.flush();
  expect(got).toHaveLength(1);
  return got[0]!;
}

test.each([0.5, 0.62, 0.7])('a long GFSK frame of index %d tells index, clock, carrier and Es/N0', (h) => {
  for (const seed of [1, 2, 3]) {
    const frame = receive('fsk:9600:ax100-asmgolay', 210, seed, { modulationIndex: h });
    expect(Math.abs(frame.modulationIndex! - h)).toBeLessThan(0.02);
    expect(Math.abs(frame.clockPpm! - clockPpm)).toBeLessThan(20);
    expect(Math.abs(frame.offsetHz! - offsetHz)).toBeLessThan(10);
    expect(Math.abs(frame.snrDb! - usualEsn0Db)).toBeLessThan(1.5);
    expect(frame.syncQuality).toBeGreaterThan(0.8);
  }
});

test('HDLC has no sync word, and a short frame does not tell the clock', () => {
  const frame = receive('fsk:9600:ax25-g3ruh', 60, 4);
  expect(frame).toMatchObject({ syncQuality: null, clockPpm: null });
  expect(Math.abs(frame.modulationIndex! - 0.5)).toBeLessThan(0.02);
  expect(Math.abs(frame.offsetHz! - offsetHz)).toBeLessThan(10);
});

test('PSK has no index; its clock is measured too', () => {
  const frame = receive('bpsk:1200:ax25', 250, 5);
  expect(frame).toMatchObject({ modulationIndex: null, syncQuality: null });
  expect(Math.abs(frame.clockPpm! - clockPpm)).toBeLessThan(30);
  expect(Math.abs(frame.offsetHz! - offsetHz)).toBeLessThan(10);
});

test('neither tones nor the gain of audio are taken for an index of the radio signal', () => {
  expect(receive('afsk:1200:ax25,deviation=500,af_carrier=1700', 60, 6, { esn0Db: 24 }).modulationIndex).toBeNull();

  const mode = parseMode('fsk:9600:ax25-g3ruh');
  const random = prng(7);
  const bytes = Uint8Array.from({ length: 60 }, () => random.uint32() & 255);
  const bits = encodeFrames(mode.framing, [bytes], { preambleBytes: 64 });
  const { iq, firstSample } = modulate(bits, mode.modulation, { sampleRate, startSample: 500 });
  const audio = Float32Array.from({ length: firstSample + iq.length / 2 + 4000 }, () => 0.2 * random.normal());
  for (let i = 1; i < iq.length / 2; i++) {
    const re = iq[2 * i]! * iq[2 * i - 2]! + iq[2 * i + 1]! * iq[2 * i - 1]!;
    const im = iq[2 * i + 1]! * iq[2 * i - 2]! - iq[2 * i]! * iq[2 * i - 1]!;
    audio[firstSample + i] = Math.atan2(im, re);
  }
  const frame = only('fsk:9600:ax25-g3ruh', { kind: 'fm-audio', sampleRate }, audio, audio.length);
  expect(frame).toMatchObject({ modulationIndex: null, offsetHz: null });
});

test('a clock error is null where 50 ppm cannot be told', () => {
  const ring = Float64Array.from({ length: 2048 }, (_, k) => 7 + (k * 5) / (1 + 80e-6));
  const of = (n: number, db: number | null) => clockErrorPpm(ring, 0, n, 5, db);
  expect(of(2000, 10)).toBeCloseTo(80, 6);
  expect(of(736, 10)).toBeNull();
  expect(of(738, 10)).toBeCloseTo(80, 6);
  expect(of(1580, 0)).toBeNull();
  expect(of(1590, 0)).toBeCloseTo(80, 6);
  expect(of(699, 40)).toBeNull();
  expect(of(2000, null)).toBeNull();
});

test('a clock error is read across the end of the ring', () => {
  const ring = new Float64Array(1024);
  for (let k = 3000; k < 4000; k++) ring[k & 1023] = 1e9 + k * 5 * (1 + 20e-6);
  expect(clockErrorPpm(ring, 3000, 1000, 5, 10)).toBeCloseTo(-20, 2);
});

test('a frame waits for the chains that measure better, and keeps the surer check', () => {
  const got: ReceivedFrame[] = [];
  const merger = new FrameMerger(5, { frame: (f) => got.push(f), reject() {} });
  const measuring = merger.chain(true);
  const other = merger.chain(false);
  const rough: ReceivedFrame = { ...frameOf(1000, 2000), modulationIndex: null, offsetHz: 30 };
  const fine: ReceivedFrame = {
    ...frameOf(1001, 2001),
    offsetHz: 1,
    integrity: { ...rough.integrity, repairedBits: 2 },
  };
  measuring.passed(1500);
  other.frame(rough);
  measuring.passed(2100);
  expect(got).toEqual([]);
  measuring.frame(fine);
  expect(got).toEqual([{ ...fine, integrity: rough.integrity }]);
  other.frame(rough);
  // Other bytes in the same place, heard worse: an accident. Behind it: a frame, once the measuring chain has been there.
  other.frame({ ...rough, bytes: Uint8Array.of(1) });
  other.frame({ ...rough, sample: 2000, endSample: 3000, bytes: Uint8Array.of(2) });
  measuring.passed(2000 + 512 * 5);
  expect(got).toHaveLength(1);
  measuring.passed(3000 + 512 * 5);
  expect(got.map(({ bytes }) => [...bytes])).toEqual([[...fine.bytes], [2]]);
});
