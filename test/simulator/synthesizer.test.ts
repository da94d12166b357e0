import { describe, expect, test } from 'vitest';
import { passGeometry, SPEED_OF_LIGHT_KM_S } from '../../daemon/simulator/pass-geometry.ts';
import type { SimulatedFormat } from '../../daemon/simulator/quantise.ts';
import type { Scene, SimulatedSignal, TransmittedFrame } from '../../daemon/simulator/scene.ts';
import { makeSynthesizer } from '../../daemon/simulator/synthesizer.ts';
import { encodeFrames } from '../../dsp/framing/index.ts';
import { parseMode } from '../../dsp/mode.ts';

const carrierHz = 437_000_000;
const signal: SimulatedSignal = {
  satellite: 'TEST-1',
  transmitter: 'fsk-9600-ax25-g3ruh',
  mode: parseMode('fsk:9600:ax25-g3ruh'),
  frequencyHz: carrierHz,
  ebn0Db: 40,
  frameIntervalS: 0.3,
};
const shape = { altitudeKm: 500, maxElevationDeg: 50 };
const scene: Scene = {
  seed: 11,
  signals: [signal],
  pass: shape,
  startS: -100,
  level: 'constant',
  repeat: false,
};

function make(over: Partial<Scene> = {}, format: SimulatedFormat = 'cf32') {
  const frames: TransmittedFrame[] = [];
  const synthesizer = makeSynthesizer({ scene: { ...scene, ...over }, format, transmitted: (f) => frames.push(f) });
  return { synthesizer, frames };
}

function floats(synthesizer: { fill(out: Uint8Array): void }, n: number): Float32Array {
  const bytes = new Uint8Array(8 * n);
  synthesizer.fill(bytes);
  return new Float32Array(bytes.buffer);
}

function power(iq: Float32Array, from = 0, to = iq.length / 2): number {
  let sum = 0;
  for (let i = 2 * from; i < 2 * to; i++) sum += iq[i]! ** 2;
  return sum / (to - from);
}

/** Mean frequency of a stretch, Hz. */
function frequency(iq: Float32Array, sampleRate: number, from: number, to: number): number {
  let re = 0;
  let im = 0;
  for (let n = from; n < to - 1; n++) {
    const [a, b, c, d] = [iq[2 * n]!, iq[2 * n + 1]!, iq[2 * n + 2]!, iq[2 * n + 3]!];
    re += a * c + b * d;
    im += a * d - b * c;
  }
  return (Math.atan2(im, re) * sampleRate) / (2 * Math.PI);
}

/** Doppler shift of the scene's pass, `t` s after its start. */
function dopplerHz(t: number): number {
  return (-passGeometry(shape).rangeRateKmS((scene.startS ?? 0) + t) / SPEED_OF_LIGHT_KM_S) * carrierHz;
}

describe('a synthetic pass', () => {
  test('the same seed gives the same samples, in whatever pieces they are asked', () => {
    const whole = new Uint8Array(2 * 100_000);
    const a = make({}, 'cu8');
    a.synthesizer.tune(carrierHz, 96_000);
    a.synthesizer.fill(whole);
    const b = make({}, 'cu8');
    b.synthesizer.tune(carrierHz, 96_000);
    const pieces = new Uint8Array(2 * 100_000);
    for (let at = 0, size = 1; at < 100_000; at += size, size = (size * 7 + 3) % 5001)
      b.synthesizer.fill(pieces.subarray(2 * at, 2 * Math.min(100_000, at + size)));
    expect(pieces).toEqual(whole);
    expect(a.frames).toEqual(b.frames);
    expect(a.frames.length).toBeGreaterThanOrEqual(2);
    const c = make({ seed: 12 }, 'cu8');
    c.synthesizer.tune(carrierHz, 96_000);
    c.synthesizer.fill(pieces);
    expect(pieces).not.toEqual(whole);
  });

  test('a genie that knows time and Doppler reads every bit of every frame', () => {
    const sampleRate = 250_000;
    const { synthesizer, frames } = make();
    synthesizer.tune(carrierHz - 30_000, sampleRate);
    const iq = floats(synthesizer, sampleRate * 2);
    expect(frames.length).toBeGreaterThanOrEqual(5);
    for (const frame of frames) {
      expect(frame.inCapture).toBe(true);
      const bits = encodeFrames(signal.mode.framing, [frame.bytes], { preambleBytes: 32 });
      const symbols = (frame.endS - frame.startS) * 9600;
      expect(symbols).toBeCloseTo(bits.length, 3);
      const spsHere = sampleRate / 9600 / (1 + dopplerHz(frame.startS) / carrierHz);
      const got = Array.from(bits, (_, k) => {
        const at = frame.startS * sampleRate + k * spsHere;
        const f = frequency(iq, sampleRate, Math.round(at + 0.3 * spsHere), Math.round(at + 0.7 * spsHere) + 1);
        return f - 30_000 - dopplerHz(frame.startS + k / 9600) > 0 ? 1 : 0;
      });
      expect(got).toEqual(Array.from(bits));
    }
  });

  test('the carrier follows the closed form of the Doppler curve, and an oscillator error adds to it', () => {
    const sampleRate = 48_000;
    for (const frequencyErrorPpm of [0, 5]) {
      // A long frame each 5 s; the mean frequency of a scrambled FSK frame is its carrier's.
      const { synthesizer, frames } = make({
        signals: [{ ...signal, frameIntervalS: 5, frequencyErrorPpm }],
      });
      synthesizer.tune(carrierHz, sampleRate);
      const iq = floats(synthesizer, sampleRate * 200);
      expect(frames.length).toBeGreaterThanOrEqual(38);
      for (const frame of frames) {
        const from = Math.ceil(frame.startS * sampleRate);
        const to = Math.floor(frame.endS * sampleRate);
        // The bits' imbalance is known exactly: a bit turns by a quarter of a turn.
        const bits = encodeFrames(signal.mode.framing, [frame.bytes], { preambleBytes: 32 });
        const ones = bits.reduce((a, b) => a + b, 0);
        const imbalanceHz = ((2 * ones - bits.length) / bits.length) * 2400;
        const middle = (frame.startS + frame.endS) / 2;
        let turns = 0;
        for (let n = from; n < to; n++) turns += frequency(iq, sampleRate, n, n + 2) / sampleRate;
        const measured = (turns / (to - from)) * sampleRate - imbalanceHz;
        const expected = dopplerHz(middle) + frequencyErrorPpm * 1e-6 * carrierHz;
        expect(Math.abs(measured - expected)).toBeLessThan(20);
      }
      expect(dopplerHz(0)).toBeGreaterThan(2000);
      expect(dopplerHz(200)).toBeLessThan(-2000);
    }
  });

  test('Eb/N0 is as asked: power of signal and noise in the samples', () => {
    const sampleRate = 48_000;
    for (const [mode, ebn0Db, rate] of [
      ['fsk:9600:ax25-g3ruh', 12, 1],
      ['fsk:4800:ax100-asmgolay', 10, 100 / 132],
    ] as const) {
      const { synthesizer, frames } = make({
        signals: [{ ...signal, mode: parseMode(mode), ebn0Db, frameIntervalS: 1 }],
      });
      synthesizer.tune(carrierHz, sampleRate);
      const iq = floats(synthesizer, sampleRate * 6);
      const noise = power(iq, 0, 0.4 * sampleRate);
      let on = 0;
      for (const f of frames)
        on += power(iq, Math.ceil(f.startS * sampleRate), Math.floor(f.endS * sampleRate)) / frames.length;
      const symbolRate = parseMode(mode).modulation.symbolRate;
      const esn0 = (on - noise) / symbolRate / (noise / sampleRate);
      expect(10 * Math.log10(esn0 / rate)).toBeCloseTo(ebn0Db, 0);
      expect(Math.abs(10 * Math.log10(esn0 / rate) - ebn0Db)).toBeLessThan(0.25);
    }
  });

  test('with the slant range, the level falls towards the horizon', () => {
    const sampleRate = 48_000;
    const { halfDurationS, rangeKm } = passGeometry(shape);
    const levels = [-halfDurationS + 2, 0].map((startS) => {
      const { synthesizer, frames } = make({ startS, level: 'slant-range', signals: [{ ...signal, ebn0Db: 50 }] });
      synthesizer.tune(carrierHz, sampleRate);
      const iq = floats(synthesizer, sampleRate);
      return power(iq, Math.ceil(frames[0]!.startS * sampleRate), Math.floor(frames[0]!.endS * sampleRate));
    });
    const expected = (rangeKm(0) / rangeKm(halfDurationS - 2)) ** 2;
    expect(levels[0]! / levels[1]! / expected).toBeCloseTo(1, 1);
  });

  test('where the tuning does not contain the signal there is only noise', () => {
    const { synthesizer, frames } = make();
    synthesizer.tune(carrierHz + 200_000, 250_000);
    const iq = floats(synthesizer, 500_000);
    const parts = Array.from({ length: 50 }, (_, k) => power(iq, k * 10_000, (k + 1) * 10_000));
    expect(Math.max(...parts) / Math.min(...parts)).toBeLessThan(1.15);
    expect(frames.length).toBeGreaterThanOrEqual(4);
    expect(frames.every((f) => !f.inCapture)).toBe(true);
    // Tuned back, the next frames are heard, at the right time.
    synthesizer.tune(carrierHz, 250_000);
    floats(synthesizer, 250_000);
    expect(frames.at(-1)!.inCapture).toBe(true);
    expect(frames.at(-1)!.startS).toBeGreaterThan(2);
  });

  test('after the set nothing is heard, unless the pass repeats', () => {
    const { halfDurationS } = passGeometry(shape);
    for (const repeat of [false, true]) {
      const { synthesizer, frames } = make({ startS: halfDurationS - 1, repeat });
      synthesizer.tune(carrierHz, 48_000);
      floats(synthesizer, 48_000 * 3);
      expect(frames.filter((f) => f.endS < 0.9).every((f) => f.inCapture)).toBe(true);
      const late = frames.filter((f) => f.startS > 1.1);
      expect(late.length).toBeGreaterThan(3);
      expect(late.every((f) => f.inCapture === repeat)).toBe(true);
    }
  });

  test('skipped samples cut the bursts within, and time goes on', () => {
    const { synthesizer, frames } = make();
    synthesizer.tune(carrierHz, 48_000);
    floats(synthesizer, 24_000 + 2400); // into the first burst
    synthesizer.skip(48_000);
    floats(synthesizer, 48_000);
    expect(synthesizer.timeS).toBeCloseTo(0.55 + 2, 6);
    expect(frames.slice(0, 3).map((f) => f.inCapture)).toEqual([false, false, false]);
    expect(frames.at(-1)!.inCapture).toBe(true);
    expect(frames.map((f) => f.number)).toEqual(frames.map((_, k) => k + 1));
  });

  test('cu8 and cs16 hold the same signal as cf32, without clipping', () => {
    const take = (format: SimulatedFormat, bytesPerPair: number) => {
      const { synthesizer } = make({ signals: [{ ...signal, ebn0Db: 15 }] }, format);
      synthesizer.tune(carrierHz, 240_000);
      const bytes = new Uint8Array(bytesPerPair * 240_000);
      synthesizer.fill(bytes);
      return bytes;
    };
    const exact = new Float32Array(take('cf32', 8).buffer);
    const cu8 = take('cu8', 2);
    const cs16 = new Int16Array(take('cs16', 4).buffer);
    let worst8 = 0;
    let worst16 = 0;
    let peak = 0;
    for (let i = 0; i < exact.length; i++) {
      worst8 = Math.max(worst8, Math.abs((cu8[i]! - 127.5) / 127.5 - exact[i]!));
      worst16 = Math.max(worst16, Math.abs(cs16[i]! / 32_768 - exact[i]!));
      peak = Math.max(peak, Math.abs(exact[i]!));
    }
    expect(peak).toBeGreaterThan(0.5);
    expect(worst8).toBeLessThan(0.5 / 127.5 + 1e-6);
    expect(worst16).toBeLessThan(0.5 / 32_768 + 1e-6);
  });

  test('three satellites at different offsets are on the air at once', () => {
    const offsets = [-60_000, 10_000, 80_000];
    const { synthesizer, frames } = make({
      signals: offsets.map((o, k) => ({
        ...signal,
        satellite: `S-${k}`,
        frequencyHz: carrierHz + o,
        firstFrameS: 0.2,
      })),
    });
    synthesizer.tune(carrierHz, 250_000);
    floats(synthesizer, 250_000);
    for (const k of [0, 1, 2]) {
      const own = frames.filter((f) => f.satellite === `S-${k}`);
      expect(own.length).toBeGreaterThanOrEqual(2);
      expect(own.every((f) => f.inCapture && new TextDecoder().decode(f.bytes).includes(`S-${k}`))).toBe(true);
    }
  });
});
