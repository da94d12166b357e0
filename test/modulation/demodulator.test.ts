import { describe, expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import type { ModulationParams, ReceiverInput } from '../../dsp/core/receiver.ts';
import { makeDemodulators } from '../../dsp/modulation/demodulator.ts';
import { modulate } from '../../dsp/modulation/modulate.ts';
import { cutsOf, pushInCuts } from '../laws/chunking.ts';

interface Case {
  readonly name: string;
  readonly params: ModulationParams;
  readonly sampleRate: number;
  readonly esn0Db: number;
  /** Bit error rate allowed at that Es/N0. */
  readonly maxErrors: number;
  readonly offsetHz?: number;
  /** Audio inputs are made of the IQ: SSB by a real carrier. */
  readonly input?: ReceiverInput;
  /** Which of the demodulators that run side by side. */
  readonly plan: string;
}

const cases: Case[] = [
  {
    name: 'GFSK 9600 as continuous-phase modulation',
    plan: 'cpm',
    params: { kind: 'fsk', symbolRate: 9600 },
    sampleRate: 48_000,
    esn0Db: 8,
    maxErrors: 0.001,
    offsetHz: 300,
  },
  {
    name: 'GFSK 9600, h 0.7, as continuous-phase modulation',
    plan: 'cpm-0.70',
    params: { kind: 'fsk', symbolRate: 9600, deviationHz: 3360 },
    sampleRate: 48_000,
    esn0Db: 8,
    maxErrors: 0.001,
    offsetHz: -1500,
  },
  {
    name: 'FSK 4800, h 1, as continuous-phase modulation',
    plan: 'cpm-1.00',
    params: { kind: 'fsk', symbolRate: 4800, deviationHz: 2400 },
    sampleRate: 48_000,
    esn0Db: 11,
    maxErrors: 0.001,
    offsetHz: 200,
  },
  {
    name: 'GFSK 9600, h 0.3, as continuous-phase modulation',
    plan: 'cpm-0.30',
    params: { kind: 'fsk', symbolRate: 9600, deviationHz: 1440 },
    sampleRate: 48_000,
    esn0Db: 12,
    maxErrors: 0.001,
    offsetHz: 500,
  },
  {
    name: 'FSK 4800, h 2, as continuous-phase modulation',
    plan: 'cpm-2.00',
    params: { kind: 'fsk', symbolRate: 4800, deviationHz: 4800 },
    sampleRate: 48_000,
    esn0Db: 12,
    maxErrors: 0.001,
    offsetHz: -400,
  },
  {
    name: 'GFSK 1200 as continuous-phase modulation, 2 kHz off',
    plan: 'cpm',
    params: { kind: 'fsk', symbolRate: 1200 },
    sampleRate: 48_000,
    esn0Db: 8,
    maxErrors: 0.001,
    offsetHz: 2000,
  },
  {
    name: 'FSK 4800, h 4, as two tones',
    plan: 'tones',
    params: { kind: 'fsk', symbolRate: 4800, deviationHz: 9600 },
    sampleRate: 96_000,
    esn0Db: 12,
    maxErrors: 0.003,
    offsetHz: 900,
  },
  {
    name: 'FSK 1200, h 5.6, as two tones 2 kHz off',
    plan: 'tones',
    params: { kind: 'fsk', symbolRate: 1200, deviationHz: 3360 },
    sampleRate: 48_000,
    esn0Db: 12,
    maxErrors: 0.003,
    offsetHz: -2000,
  },
  {
    name: 'GFSK 9600, h 0.5',
    plan: 'discriminator',
    params: { kind: 'fsk', symbolRate: 9600 },
    sampleRate: 48_000,
    esn0Db: 14,
    maxErrors: 0.002,
  },
  {
    name: 'GFSK 1200, h 1',
    plan: 'discriminator',
    params: { kind: 'fsk', symbolRate: 1200, deviationHz: 600 },
    sampleRate: 48_000,
    esn0Db: 14,
    maxErrors: 0.004,
    offsetHz: 900,
  },
  {
    name: 'GFSK 19200 at 2.5 samples a symbol',
    plan: 'discriminator',
    params: { kind: 'fsk', symbolRate: 19_200 },
    sampleRate: 48_000,
    esn0Db: 16,
    maxErrors: 0.004,
  },
  {
    name: 'AFSK 1200',
    plan: 'afsk',
    params: { kind: 'afsk', symbolRate: 1200, afCarrierHz: 1700, deviationHz: 500 },
    sampleRate: 48_000,
    esn0Db: 24,
    maxErrors: 0.003,
  },
  {
    name: 'BPSK 1200',
    plan: 'psk',
    params: { kind: 'bpsk', symbolRate: 1200 },
    sampleRate: 48_000,
    esn0Db: 7,
    maxErrors: 0.003,
    offsetHz: -150,
  },
  {
    name: 'BPSK 9600',
    plan: 'psk',
    params: { kind: 'bpsk', symbolRate: 9600 },
    sampleRate: 48_000,
    esn0Db: 7,
    maxErrors: 0.003,
    offsetHz: 700,
  },
  {
    name: 'DBPSK 1200',
    plan: 'psk',
    params: { kind: 'dbpsk', symbolRate: 1200 },
    sampleRate: 48_000,
    esn0Db: 8,
    maxErrors: 0.003,
  },
  {
    name: 'BPSK Manchester 400',
    plan: 'psk',
    params: { kind: 'bpsk-manchester', symbolRate: 400 },
    sampleRate: 48_000,
    esn0Db: 8,
    maxErrors: 0.003,
  },
  {
    name: 'DBPSK Manchester 400',
    plan: 'psk',
    params: { kind: 'dbpsk-manchester', symbolRate: 400 },
    sampleRate: 48_000,
    esn0Db: 9,
    maxErrors: 0.003,
  },
  {
    name: 'BPSK 1200 on SSB audio',
    plan: 'psk',
    params: { kind: 'bpsk', symbolRate: 1200 },
    sampleRate: 48_000,
    esn0Db: 8,
    maxErrors: 0.003,
    offsetHz: 400,
    input: { kind: 'ssb-audio', sampleRate: 48_000 },
  },
  {
    name: 'BPSK 9600 on SSB audio',
    plan: 'psk',
    params: { kind: 'bpsk', symbolRate: 9600 },
    sampleRate: 48_000,
    esn0Db: 8,
    maxErrors: 0.003,
    input: { kind: 'ssb-audio', sampleRate: 48_000 },
  },
];

function signal(c: Case, symbols: number): { bits: Uint8Array; x: Float32Array; n: number; items: number } {
  const random = prng(99);
  const bits = Uint8Array.from({ length: symbols }, () => (random.uniform() < 0.5 ? 0 : 1));
  const lead = Math.round(0.1 * c.sampleRate);
  const wave = modulate(bits, c.params, { sampleRate: c.sampleRate, startSample: lead + 0.3, phase: 1 });
  const n = wave.firstSample + wave.iq.length / 2 + lead;
  const iq = new Float32Array(2 * n);
  iq.set(wave.iq, 2 * wave.firstSample);
  const sigma = Math.sqrt(c.sampleRate / c.params.symbolRate / 10 ** (c.esn0Db / 10) / 2);
  const ssb = c.input?.kind === 'ssb-audio';
  const carrier = ssb ? (c.params.symbolRate <= 2400 ? 1500 : 12_000) : 0;
  const hz = (c.offsetHz ?? 0) + carrier;
  const real = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    const angle = (2 * Math.PI * hz * i) / c.sampleRate;
    const re = iq[2 * i]!;
    const im = iq[2 * i + 1]!;
    const shifted = re * Math.cos(angle) - im * Math.sin(angle);
    const noise = sigma * random.normal();
    iq[2 * i] = shifted + noise;
    iq[2 * i + 1] = re * Math.sin(angle) + im * Math.cos(angle) + sigma * random.normal();
    // A real carrier of the same power, in real noise of density N0/2.
    real[i] = Math.SQRT2 * shifted + noise;
  }
  return ssb ? { bits, x: real, n, items: 1 } : { bits, x: iq, n, items: 2 };
}

interface Received {
  soft: number[][];
  position: number[];
  offsetHz: number[];
}

function receive(c: Case, x: Float32Array, items: number, cuts: readonly number[]): Received {
  const got: Received = { soft: [], position: [], offsetHz: [] };
  const { front, plans } = makeDemodulators(c.params, c.input ?? { kind: 'iq', sampleRate: c.sampleRate });
  const demodulator = plans
    .find((plan) => plan.name === c.plan)!
    .make({
      symbols(block) {
        for (let v = 0; v < block.soft.length; v++) {
          got.soft[v] ??= [];
          for (let i = 0; i < block.n; i++) got.soft[v]!.push(block.soft[v]![i]!);
        }
        for (let i = 0; i < block.n; i++) {
          got.position.push(block.position[i]!);
          got.offsetHz.push(block.offsetHz[i]!);
        }
      },
    });
  const first = front?.(demodulator.push);
  pushInCuts(first?.push ?? demodulator.push, x, items, cuts);
  first?.flush();
  demodulator.flush();
  return got;
}

/** Bits of a burst that count as its preamble: estimates still mix in the noise before. */
const preamble = 250;

/** Fewest errors behind the preamble of any alignment and polarity, and the symbol where the first bit was found. */
function errors(bits: Uint8Array, soft: readonly number[]): { errors: number; at: number } {
  let best = { errors: bits.length, at: -1 };
  for (let at = 0; at + bits.length <= soft.length; at++) {
    let wrong = 0;
    let checked = 0;
    for (let i = preamble; i < bits.length - 8; i++) {
      if (soft[at + i]! > 0 !== (bits[i] === 1)) wrong++;
      checked++;
      if (checked === 64 && wrong > 20 && wrong < 44) break;
    }
    if (checked < bits.length - preamble - 8) continue;
    const count = Math.min(wrong, checked - wrong);
    if (count < best.errors) best = { errors: count, at };
  }
  return best;
}

describe.each(cases)('$name', (c) => {
  const symbols = c.params.symbolRate <= 400 ? 1200 : 3000;
  const { bits, x, n, items } = signal(c, symbols);
  const whole = receive(c, x, items, [n]);

  test('recovers the bits', () => {
    const results = whole.soft.map((soft) => errors(bits, soft));
    const best = results.reduce((a, b) => (b.errors < a.errors ? b : a));
    expect(best.errors / symbols).toBeLessThanOrEqual(c.maxErrors);
  });

  test('knows where each symbol lies in the input', () => {
    const results = whole.soft.map((soft) => errors(bits, soft));
    const best = results.reduce((a, b) => (b.errors < a.errors ? b : a));
    const samplesPerSymbol = c.sampleRate / c.params.symbolRate;
    for (const k of [250, symbols >> 1, symbols - 250]) {
      const centre = Math.round(0.1 * c.sampleRate) + 0.3 + (k + 0.5) * samplesPerSymbol;
      expect(Math.abs(whole.position[best.at + k]! - centre)).toBeLessThan(0.3 * samplesPerSymbol);
    }
  });

  test('measures the carrier', () => {
    const margin = 0.1 * c.sampleRate + (preamble * c.sampleRate) / c.params.symbolRate;
    const middle = whole.offsetHz.filter((_, i) => whole.position[i]! > margin && whole.position[i]! < n - margin);
    const mean = middle.reduce((a, b) => a + b, 0) / middle.length;
    expect(Math.abs(mean - (c.offsetHz ?? 0))).toBeLessThan(0.02 * c.params.symbolRate + 5);
  });

  test('gives the same symbols however the input is cut', () => {
    for (const seed of [0, 2, 3]) expect(receive(c, x, items, cutsOf(n, seed))).toEqual(whole);
  });
});

test('a symbol rate above the input is refused', () => {
  expect(() => makeDemodulators({ kind: 'fsk', symbolRate: 38_400 }, { kind: 'fm-audio', sampleRate: 48_000 })).toThrow(
    /38400 Bd does not fit/,
  );
});
