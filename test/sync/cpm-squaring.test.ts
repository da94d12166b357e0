import { describe, expect, test } from 'vitest';
import { addNoise, noiseDensity } from '../../dsp/core/noise.ts';
import { prng } from '../../dsp/core/prng.ts';
import type { Iq } from '../../dsp/core/types.ts';
import { modulateGfsk } from '../../dsp/modulation/gfsk-modulate.ts';
import { CpmSquaring } from '../../dsp/sync/cpm-squaring.ts';

const symbolRate = 2400;
const sampleRate = 12_000;
const symbols = 6000;

/** Three seconds of a carrier that moves by `hzPerSecond`, with its frequency at t = 0 of `hz`. */
function signal(hz: number, hzPerSecond: number, esn0Db: number): Iq {
  const random = prng(17);
  const bits = Uint8Array.from({ length: symbols }, () => (random.uniform() < 0.5 ? 0 : 1));
  const { iq, firstSample } = modulateGfsk(bits, { kind: 'fsk', symbolRate }, { sampleRate });
  for (let i = 0; i < iq.length / 2; i++) {
    const t = (i + firstSample) / sampleRate;
    const angle = 2 * Math.PI * (hz * t + (hzPerSecond * t * t) / 2);
    const [re, im] = [iq[2 * i]!, iq[2 * i + 1]!];
    iq[2 * i] = re * Math.cos(angle) - im * Math.sin(angle);
    iq[2 * i + 1] = re * Math.sin(angle) + im * Math.cos(angle);
  }
  addNoise(iq, noiseDensity(esn0Db, symbolRate), sampleRate, random);
  return iq.subarray(-2 * firstSample) as Iq;
}

function estimates(iq: Iq, windowSymbols: number) {
  const sync = new CpmSquaring({ sampleRate, symbolRate, searchHz: 1000, windowSymbols });
  const out: { t: number; hz: number; boundary: number }[] = [];
  sync.push(iq, iq.length / 2, {
    sync: (sample, hz, boundary) => out.push({ t: sample / sampleRate, hz, boundary }),
  });
  // Blocks that are full of signal.
  return out.filter(({ t }) => t > 0.5 && t < symbols / symbolRate - 0.5);
}

describe('squaring synchroniser at 2400 Bd and Es/N0 −1 dB', () => {
  for (const hzPerSecond of [0, 7, -50, 80])
    test(`finds a carrier that moves by ${hzPerSecond} Hz/s, and the symbols`, () => {
      const found = estimates(signal(-120, hzPerSecond, -1), 1024);
      expect(found.length).toBeGreaterThan(15);
      for (const { t, hz, boundary } of found) {
        expect(Math.abs(hz - (-120 + hzPerSecond * t))).toBeLessThan(2);
        expect(Math.abs(boundary - Math.round(boundary))).toBeLessThan(0.1);
      }
    });

  test('does not depend on how the input is cut', () => {
    const iq = signal(40, 30, -1);
    const whole = estimates(iq, 1024);
    const sync = new CpmSquaring({ sampleRate, symbolRate, searchHz: 1000, windowSymbols: 1024 });
    const pieces: number[] = [];
    for (let at = 0; at < iq.length / 2; at += 777) {
      const n = Math.min(777, iq.length / 2 - at);
      sync.push(iq.subarray(2 * at, 2 * (at + n)) as Iq, n, { sync: (_, hz) => pieces.push(hz) });
    }
    for (const { hz } of whole) expect(pieces).toContain(hz);
  });
});
