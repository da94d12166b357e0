import { describe, expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import type { ModulationParams } from '../../dsp/core/receiver.ts';
import type { Iq } from '../../dsp/core/types.ts';
import { makeDemodulators } from '../../dsp/modulation/demodulator.ts';
import { modulate } from '../../dsp/modulation/modulate.ts';
import { cutsOf, pushInCuts } from '../laws/chunking.ts';
import { fmAudio } from './modulate-audio.ts';

const sampleRate = 48_000;
/** Bits of a burst that count as its preamble: estimates still mix in the noise before. */
const preamble = 300;

interface Channel {
  /** Default 3000. */
  readonly symbols?: number;
  readonly params: ModulationParams;
  readonly esn0Db: number;
  readonly offsetHz?: number;
  readonly fullScaleHz?: number;
  readonly channelHz?: number;
  /** What the sound card multiplies the audio by. */
  readonly gain?: number;
  /** Corner of its high-pass, Hz. */
  readonly highPassHz?: number;
}

/** A burst between noise, through an FM receiver. */
function received(channel: Channel): { bits: Uint8Array; audio: Float32Array } {
  const { params, esn0Db, offsetHz = 0, gain = 1, highPassHz = 0 } = channel;
  const { symbols = 3000 } = channel;
  const random = prng(5);
  const bits = Uint8Array.from({ length: symbols }, () => (random.uniform() < 0.5 ? 0 : 1));
  const rate = 2 * sampleRate;
  const lead = 0.2 * rate;
  const wave = modulate(bits, params, { sampleRate: rate, startSample: lead + 0.4, phase: 2 });
  const n = 2 * Math.ceil((wave.firstSample + wave.iq.length / 2 + lead) / 2);
  const iq = new Float32Array(2 * n) as Iq;
  iq.set(wave.iq, 2 * wave.firstSample);
  const sigma = Math.sqrt(rate / params.symbolRate / 10 ** (esn0Db / 10) / 2);
  for (let i = 0; i < n; i++) {
    const angle = (2 * Math.PI * offsetHz * i) / rate;
    const re = iq[2 * i]!;
    const im = iq[2 * i + 1]!;
    iq[2 * i] = re * Math.cos(angle) - im * Math.sin(angle) + sigma * random.normal();
    iq[2 * i + 1] = re * Math.sin(angle) + im * Math.cos(angle) + sigma * random.normal();
  }
  const { fullScaleHz = 8000, channelHz = 7500 } = channel;
  const audio = Float32Array.from(fmAudio(iq, rate, { fullScaleHz, channelHz }), (v) => gain * v);
  if (highPassHz > 0) {
    const pole = Math.exp((-2 * Math.PI * highPassHz) / sampleRate);
    let last = 0;
    let y = 0;
    for (let i = 0; i < audio.length; i++) {
      y = pole * y + audio[i]! - last;
      last = audio[i]!;
      audio[i] = y;
    }
  }
  return { bits, audio };
}

function demodulate(params: ModulationParams, plan: string, audio: Float32Array, cuts: readonly number[]): number[][] {
  const got: number[][] = [];
  const demodulator = makeDemodulators(params, { kind: 'fm-audio', sampleRate })
    .plans.find(({ name }) => name === plan)!
    .make({
      symbols(block) {
        for (let v = 0; v < block.soft.length; v++) {
          got[v] ??= [];
          for (let i = 0; i < block.n; i++) got[v]!.push(block.soft[v]![i]!);
        }
      },
    });
  pushInCuts((piece, n) => demodulator.push(piece, n), audio, 1, cuts);
  demodulator.flush();
  return got;
}

/** Share of wrong bits behind the preamble at the best alignment, over the variants. */
function errorRate(bits: Uint8Array, variants: readonly number[][]): number {
  let best = 1;
  for (const soft of variants)
    for (let at = 0; at + bits.length <= soft.length; at++) {
      let wrong = 0;
      let checked = 0;
      for (let i = preamble; i < bits.length - 8; i++) {
        if (soft[at + i]! > 0 !== (bits[i] === 1)) wrong++;
        checked++;
        if (checked === 64 && wrong > 20) break;
      }
      if (checked > 64) best = Math.min(best, wrong / checked);
    }
  return best;
}

const fsk9600: ModulationParams = { kind: 'fsk', symbolRate: 9600 };

describe('FSK on FM audio, remodulated', () => {
  const cases: { name: string; plan: string; channel: Channel; maxErrors: number }[] = [
    { name: '9600 Bd, clipped', plan: 'remodulated', channel: { params: fsk9600, esn0Db: 9.5 }, maxErrors: 0.006 },
    {
      name: '9600 Bd, unclipped, 1 kHz off, at a tenth of the gain',
      plan: 'remodulated',
      channel: { params: fsk9600, esn0Db: 8, offsetHz: 1000, fullScaleHz: 24_000, gain: 0.1 },
      maxErrors: 0.006,
    },
    {
      name: '9600 Bd, AC-coupled at 20 Hz, 1 kHz off',
      plan: 'remodulated-ac',
      channel: { params: fsk9600, esn0Db: 11, offsetHz: 1000, highPassHz: 20, gain: 3 },
      maxErrors: 0.006,
    },
    {
      name: '4800 Bd',
      plan: 'remodulated',
      channel: { params: { kind: 'fsk', symbolRate: 4800 }, esn0Db: 14, offsetHz: 800 },
      maxErrors: 0.004,
    },
    {
      name: '19200 Bd at 2.5 samples a symbol, through an open filter',
      plan: 'remodulated',
      channel: { params: { kind: 'fsk', symbolRate: 19_200 }, esn0Db: 14, fullScaleHz: 24_000, channelHz: 14_000 },
      maxErrors: 0.02,
    },
  ];

  test.each(cases)('$name', ({ plan, channel, maxErrors }) => {
    const { bits, audio } = received(channel);
    expect(errorRate(bits, demodulate(channel.params, plan, audio, [audio.length]))).toBeLessThanOrEqual(maxErrors);
  });

  test('hears what the discriminator receiver no longer hears', () => {
    const { bits, audio } = received({ params: fsk9600, esn0Db: 8, fullScaleHz: 24_000 });
    const remodulated = errorRate(bits, demodulate(fsk9600, 'remodulated', audio, [audio.length]));
    const discriminated = errorRate(bits, demodulate(fsk9600, 'discriminator', audio, [audio.length]));
    expect(remodulated).toBeLessThan(discriminated / 4);
  });

  test.each(['remodulated', 'remodulated-ac'])('%s gives the same symbols however the audio is cut', (plan) => {
    const { audio } = received({ params: fsk9600, esn0Db: 10 });
    const whole = demodulate(fsk9600, plan, audio, [audio.length]);
    for (const seed of [0, 3]) expect(demodulate(fsk9600, plan, audio, cutsOf(audio.length, seed))).toEqual(whole);
  });

  test('silence gives finite symbols', () => {
    const silence = new Float32Array(sampleRate);
    for (const plan of ['remodulated', 'remodulated-ac', 'discriminator'])
      for (const soft of demodulate(fsk9600, plan, silence, [silence.length]))
        expect(soft.every((v) => Number.isFinite(v))).toBe(true);
  });
});

describe('AFSK on FM audio', () => {
  const afsk1200: ModulationParams = { kind: 'afsk', symbolRate: 1200, afCarrierHz: 1700, deviationHz: 500 };
  test.each([1, 0.05])('1200 Bd near the FM threshold, gain %d', (gain) => {
    const { bits, audio } = received({ params: afsk1200, esn0Db: 16.5, gain });
    expect(errorRate(bits, demodulate(afsk1200, 'afsk-cpm', audio, [audio.length]))).toBeLessThanOrEqual(0.004);
  });

  test('gives the same symbols however the audio is cut', () => {
    const { audio } = received({ params: afsk1200, esn0Db: 16.5 });
    const whole = demodulate(afsk1200, 'afsk-cpm', audio, [audio.length]);
    expect(demodulate(afsk1200, 'afsk-cpm', audio, cutsOf(audio.length, 2))).toEqual(whole);
  });
});

describe('FSK under speech', () => {
  const params: ModulationParams = { kind: 'fsk-subaudio', symbolRate: 300, deviationHz: 150 };
  const { bits, audio } = received({ params, esn0Db: 32, symbols: 1000 });
  for (let i = 0; i < audio.length; i++) {
    const t = i / sampleRate;
    audio[i]! += 0.2 * Math.sin(2 * Math.PI * 420 * t) + 0.2 * Math.sin(2 * Math.PI * 1900 * t);
  }

  test('is heard by its own kind', () => {
    const own = errorRate(bits, demodulate(params, 'discriminator', audio, [audio.length]));
    expect(own).toBeLessThanOrEqual(0.002);
  });

  test('is drowned without the low-pass', () => {
    const plain = errorRate(bits, demodulate({ ...params, kind: 'fsk' }, 'discriminator', audio, [audio.length]));
    expect(plain).toBeGreaterThan(0.02);
  });

  test('gives the same symbols however the audio is cut', () => {
    const whole = demodulate(params, 'remodulated', audio, [audio.length]);
    expect(demodulate(params, 'remodulated', audio, cutsOf(audio.length, 2))).toEqual(whole);
  });
});
