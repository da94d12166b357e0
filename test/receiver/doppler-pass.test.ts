import { expect, test } from 'vitest';
import { receivePass } from './doppler-pass.ts';

const usual = {
  mode: 'fsk:9600:ax25-g3ruh,deviation_hz=2400',
  frequencyHz: 437e6,
  /** As low as ±10.2 kHz of Doppler shift, 30 ppm of 437 MHz and the signal's width permit. */
  sampleRate: 72_000,
  /** 3 dB above what the receiver needs. */
  ebn0Db: 9,
  frameIntervalS: 20,
  seed: 7,
  predicted: true,
  calibrated: false,
  aroundS: 0.12,
};

// The second one is where both errors add up, at the edge of what is searched. test/bench/doppler.ts has the whole pass.
test.each([
  { ppm: 30, lateS: 15 },
  { ppm: -30, lateS: 15 },
])(
  'a pass overhead with $ppm ppm and elements that lead by $lateS s: all frames come, and both errors are found',
  ({ ppm, lateS }) => {
    const { sent, got, fit } = receivePass({ ...usual, ppm, lateS });
    const hex = (frames: readonly { bytes: Uint8Array }[]) =>
      frames.map((frame) => Buffer.from(frame.bytes).toString('hex'));
    expect(sent.length).toBeGreaterThan(30);
    expect(sent.every(({ inCapture }) => inCapture)).toBe(true);
    // What noise behind a burst may look like now and then (AX.25 has a check of 16 bits) is not counted, nor does it spoil the fit.
    const wanted = new Set(hex(sent));
    expect(hex(got).filter((frame) => wanted.has(frame))).toEqual(hex(sent));
    expect(got.length - sent.length).toBeLessThanOrEqual(2);

    if (!fit.fitted) throw new Error(fit.reason);
    expect(Math.abs(fit.timeBiasS - lateS)).toBeLessThan(0.1);
    expect(Math.abs(fit.frequencyBiasHz + ppm * 437)).toBeLessThan(5);
    expect(Math.abs(fit.frequencyBiasPpm + ppm)).toBeLessThan(0.01);

    const shifts = got.map(({ dopplerHz }) => dopplerHz!);
    expect(Math.max(...shifts)).toBeGreaterThan(9800);
    expect(Math.min(...shifts)).toBeLessThan(-9800);
  },
);
