import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addNoise, noiseDensity } from '../../dsp/core/noise.ts';
import { prng } from '../../dsp/core/prng.ts';
import type { ModulationParams } from '../../dsp/core/receiver.ts';
import { modulate, type Waveform } from '../../dsp/modulation/modulate.ts';

interface Case {
  readonly name: string;
  readonly tolerance: number;
  readonly params: ModulationParams;
  readonly sampleRate: number;
  readonly startSample: number;
  readonly clockPpm: number;
  readonly bt?: number;
  readonly bits: string;
  readonly firstSample: number;
  readonly iq: readonly number[];
}
const { cases } = JSON.parse(readFileSync(new URL('../vectors/modulation.json', import.meta.url), 'utf8')) as {
  cases: readonly Case[];
};

function randomBits(n: number, seed: number): Uint8Array {
  const random = prng(seed);
  return Uint8Array.from({ length: n }, () => random.uint32() >>> 31);
}

function meanPower(iq: Float32Array): number {
  let sum = 0;
  for (const v of iq) sum += v * v;
  return sum / (iq.length / 2);
}

/** Mean frequency in Hz over the middle half of each symbol. */
function symbolFrequencies(wave: Waveform, bits: number, sampleRate: number, symbolRate: number, start: number) {
  const out: number[] = [];
  const sps = sampleRate / symbolRate;
  for (let k = 0; k < bits; k++) {
    const from = Math.round(start + (k + 0.3) * sps) - wave.firstSample;
    const to = Math.round(start + (k + 0.7) * sps) - wave.firstSample;
    let turn = 0;
    for (let n = from; n < to; n++) {
      const [a, b, c, d] = wave.iq.subarray(2 * n, 2 * n + 4) as unknown as [number, number, number, number];
      turn += Math.atan2(a * d - b * c, a * c + b * d);
    }
    out.push((turn / (to - from)) * (sampleRate / (2 * Math.PI)));
  }
  return out;
}

/** Share of the power within ± halfWidthHz of the middle. */
function powerWithin(iq: Float32Array, sampleRate: number, halfWidthHz: number): number {
  const n = iq.length / 2;
  const size = 1024;
  let inside = 0;
  let all = 0;
  for (let at = 0; at + size <= n; at += size) {
    for (let bin = -size / 2; bin < size / 2; bin += 1) {
      let re = 0;
      let im = 0;
      for (let k = 0; k < size; k++) {
        const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * k) / size);
        const c = Math.cos((-2 * Math.PI * bin * k) / size) * window;
        const s = Math.sin((-2 * Math.PI * bin * k) / size) * window;
        re += iq[2 * (at + k)]! * c - iq[2 * (at + k) + 1]! * s;
        im += iq[2 * (at + k)]! * s + iq[2 * (at + k) + 1]! * c;
      }
      const p = re * re + im * im;
      all += p;
      if (Math.abs((bin * sampleRate) / size) <= halfWidthHz) inside += p;
    }
  }
  return inside / all;
}

describe('waveforms of an independent generator', () => {
  test.each(cases.map((c) => [c.name, c] as const))('%s', (_, c) => {
    const bits = Uint8Array.from(c.bits, Number);
    const wave = modulate(bits, c.params, {
      sampleRate: c.sampleRate,
      startSample: c.startSample,
      clockPpm: c.clockPpm,
      ...(c.bt === undefined ? {} : { bt: c.bt }),
    });
    const offset = 2 * (c.firstSample - wave.firstSample);
    // The generator's carrier phase is arbitrary for FM: turn ours to its mean phase.
    let re = 0;
    let im = 0;
    for (let i = 0; i < c.iq.length; i += 2) {
      const [a, b] = [wave.iq[offset + i]!, wave.iq[offset + i + 1]!];
      re += c.iq[i]! * a + c.iq[i + 1]! * b;
      im += c.iq[i + 1]! * a - c.iq[i]! * b;
    }
    const size = Math.hypot(re, im);
    const [cos, sin] = c.params.kind.endsWith('psk') ? [1, 0] : [re / size, im / size];
    let worst = 0;
    for (let i = 0; i < c.iq.length; i += 2) {
      const [a, b] = [wave.iq[offset + i]!, wave.iq[offset + i + 1]!];
      worst = Math.max(worst, Math.hypot(a * cos - b * sin - c.iq[i]!, a * sin + b * cos - c.iq[i + 1]!));
    }
    expect(worst).toBeLessThan(c.tolerance);
  });
});

describe('FSK', () => {
  test('has a constant envelope of 1', () => {
    const { iq } = modulate(randomBits(200, 1), { kind: 'fsk', symbolRate: 9600 }, { sampleRate: 57_613.7 });
    for (let n = 0; n < iq.length; n += 2) expect(Math.hypot(iq[n]!, iq[n + 1]!)).toBeCloseTo(1, 6);
  });

  test('a 1 is above the carrier by the deviation, below when it is negative', () => {
    const bits = Uint8Array.from('0011110000', Number);
    for (const deviationHz of [3000, -3000]) {
      const params: ModulationParams = { kind: 'fsk', symbolRate: 1200, deviationHz };
      const f = symbolFrequencies(modulate(bits, params, { sampleRate: 48_000 }), 10, 48_000, 1200, 0);
      expect(f[3]).toBeCloseTo(deviationHz, 0);
      expect(f[7]).toBeCloseTo(-deviationHz, 0);
    }
  });

  test('without a deviation the index is one half; rectangles with an infinite BT', () => {
    const bits = Uint8Array.from('11', Number);
    const params: ModulationParams = { kind: 'fsk', symbolRate: 1000 };
    const f = symbolFrequencies(modulate(bits, params, { sampleRate: 1e5, bt: Infinity }), 2, 1e5, 1000, 0);
    expect(f[0]).toBeCloseTo(250, 3);
    expect(f[1]).toBeCloseTo(250, 3);
  });

  test('99 % of the power of h 0.5, BT 0.5 lies within 0.52 of the symbol rate', () => {
    // 99 % bandwidth of GMSK with BT 0.5: 1.04 of the bit rate. Source: Murota and Hirade (1981), table I.
    const { iq } = modulate(randomBits(800, 2), { kind: 'fsk', symbolRate: 9600 }, { sampleRate: 48_000 });
    expect(powerWithin(iq.subarray(0, 2 * 3072), 48_000, 0.56 * 9600)).toBeGreaterThan(0.99);
    expect(powerWithin(iq.subarray(0, 2 * 3072), 48_000, 0.48 * 9600)).toBeLessThan(0.99);
  });
});

describe('AFSK', () => {
  test('the discriminator hears both tones; positive deviation is the upper one for a 1', () => {
    const sampleRate = 96_000;
    const bits = new Uint8Array(100).fill(1, 0, 50);
    for (const deviationHz of [500, -500]) {
      const params: ModulationParams = { kind: 'afsk', symbolRate: 1200, afCarrierHz: 1700, deviationHz };
      const { iq } = modulate(bits, params, { sampleRate });
      const audio = Float64Array.from({ length: iq.length / 2 - 1 }, (_, n) => {
        const [a, b, c, d] = iq.subarray(2 * n, 2 * n + 4) as unknown as [number, number, number, number];
        return Math.atan2(a * d - b * c, a * c + b * d) * (sampleRate / (2 * Math.PI));
      });
      const crossings = (from: number, to: number) => {
        let count = 0;
        for (let n = from; n < to; n++) if (audio[n]! < 0 && audio[n + 1]! >= 0) count++;
        return count / ((to - from) / sampleRate);
      };
      expect(Math.abs(crossings(0, 4000) - (1700 + deviationHz))).toBeLessThan(30);
      expect(Math.abs(crossings(4000, 7990) - (1700 - deviationHz))).toBeLessThan(30);
      expect(Math.max(...audio)).toBeCloseTo(3000, -1);
    }
  });

  test('without tones they are those of Bell 202', () => {
    const bits = Uint8Array.of(1, 0, 0, 1);
    const bell: ModulationParams = { kind: 'afsk', symbolRate: 1200, afCarrierHz: 1700, deviationHz: 500 };
    const { iq } = modulate(bits, { kind: 'afsk', symbolRate: 1200 }, { sampleRate: 48_000 });
    expect(iq).toEqual(modulate(bits, bell, { sampleRate: 48_000 }).iq);
    expect(() => modulate(bits, { ...bell, deviationHz: 0 }, { sampleRate: 48_000 })).toThrow(RangeError);
  });
});

describe('PSK', () => {
  const kinds = ['bpsk', 'bpsk-manchester', 'dbpsk', 'dbpsk-manchester'] as const;

  test.each(kinds)('%s has unit mean power and stays within its band', (kind) => {
    const { iq } = modulate(randomBits(1200, 3), { kind, symbolRate: 1000 }, { sampleRate: 8000 });
    const middle = iq.subarray(2 * 200, iq.length - 2 * 200);
    expect(meanPower(middle)).toBeCloseTo(1, 1);
    const chipRate = kind.endsWith('manchester') ? 2000 : 1000;
    expect(powerWithin(middle.subarray(0, 2 * 2048), 8000, (1.35 / 2) * chipRate * 1.03)).toBeGreaterThan(0.998);
  });

  /** Real part at the middle of every half symbol, smoothed over half a symbol. */
  function halves(wave: Waveform, sampleRate: number, symbolRate: number, from: number, count: number): number[] {
    const half = sampleRate / symbolRate / 2;
    return Array.from({ length: 2 * count }, (_, k) => {
      let sum = 0;
      for (let n = 0; n < half; n++) sum += wave.iq[2 * (Math.round(from + k * half) + n - wave.firstSample)]!;
      return sum;
    });
  }

  test('every kind carries its bits as the framings sheet defines them', () => {
    const bits = randomBits(64, 4);
    for (const kind of kinds) {
      const wave = modulate(bits, { kind, symbolRate: 500 }, { sampleRate: 8000, startSample: 40 });
      const manchester = kind.endsWith('manchester');
      const symbols: number[] = [];
      const h = halves(wave, 8000, 500, 40 - 16, bits.length + 1); // one symbol early: the reference of DBPSK
      for (let k = 0; k <= bits.length; k++)
        symbols.push(manchester ? h[2 * k]! - h[2 * k + 1]! : h[2 * k]! + h[2 * k + 1]!);
      const got = Array.from(bits, (_, k) => {
        if (kind === 'bpsk' || kind === 'bpsk-manchester') return symbols[k + 1]! > 0 ? 1 : 0;
        const same = symbols[k]! * symbols[k + 1]! > 0;
        return same === (kind === 'dbpsk') ? 1 : 0;
      });
      expect(got).toEqual(Array.from(bits));
    }
  });
});

test('a later start by whole samples moves the waveform and nothing else', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 500 }), (start, shift) => {
      for (const params of [
        { kind: 'fsk', symbolRate: 9600 },
        { kind: 'bpsk', symbolRate: 9600 },
        { kind: 'afsk', symbolRate: 1200, afCarrierHz: 1700, deviationHz: 500 },
      ] satisfies ModulationParams[]) {
        const bits = randomBits(20, 5);
        const a = modulate(bits, params, { sampleRate: 50_000, startSample: start });
        const b = modulate(bits, params, { sampleRate: 50_000, startSample: start + shift });
        const late = b.firstSample - a.firstSample;
        expect(Math.abs(late - shift)).toBeLessThanOrEqual(1); // a sample exactly at an end may round away
        const n = Math.min(a.iq.length, b.iq.length) / 2 - 2;
        const move = shift - late;
        for (let k = 1; k < n; k++) expect(b.iq[2 * (k + move)]).toBeCloseTo(a.iq[2 * k]!, 5);
      }
    }),
    { numRuns: 30, seed: 1 },
  );
});

test('parameters that make no signal are refused', () => {
  const bits = Uint8Array.of(1);
  const good: ModulationParams = { kind: 'fsk', symbolRate: 9600 };
  for (const bad of [0, -1, Number.NaN, Infinity]) {
    expect(() => modulate(bits, good, { sampleRate: bad })).toThrow(RangeError);
    expect(() => modulate(bits, { ...good, symbolRate: bad }, { sampleRate: 48_000 })).toThrow(RangeError);
  }
  expect(() => modulate(bits, good, { sampleRate: 9600 })).toThrow(RangeError);
  expect(() => modulate(bits, good, { sampleRate: 48_000, startSample: Number.NaN })).toThrow(RangeError);
  expect(() => modulate(bits, good, { sampleRate: 48_000, bt: 0 })).toThrow(RangeError);
  expect(() => modulate(bits, { ...good, deviationHz: 0 }, { sampleRate: 48_000 })).toThrow(RangeError);
  expect(() => modulate(new Uint8Array(0), good, { sampleRate: 48_000 })).toThrow(RangeError);
});

test('noise has the density that Es/N0 asks for, white over the band', () => {
  const sampleRate = 20_000;
  const iq = new Float32Array(2 * 40_000);
  addNoise(iq, noiseDensity(3, 1000), sampleRate, prng(6));
  // Es = 1/1000, N0 = Es/2 (3 dB), variance N0·fs = 10.
  expect(meanPower(iq) / (10 ** -0.3 * 20)).toBeCloseTo(1, 1);
  expect(powerWithin(iq.subarray(0, 2 * 4096), sampleRate, 5000)).toBeCloseTo(0.5, 1);
});
