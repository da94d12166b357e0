import { expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { SlidingWindow } from '../../dsp/core/sliding-window.ts';
import { usp } from '../../dsp/framing/usp.ts';
import { cpmReference, samplesPerSymbol } from '../../dsp/modulation/cpm/reference.ts';
import { SyncFrequency } from '../../dsp/modulation/cpm/sync-frequency.ts';

const words = usp.syncWords!;
const reference = cpmReference(0.7, 0.5);
const wordAt = 500;
const total = 1500;
const floats = 2 * samplesPerSymbol;

/** CPM symbols with a word, `cycles` a symbol off, in noise of a given Es/N0; null: noise alone. */
function symbols(seed: number, esn0Db: number | null, cycles: number): Float32Array {
  const random = prng(seed);
  const bits = Uint8Array.from({ length: total + 2 }, () => (random.uniform() < 0.5 ? 0 : 1));
  bits.set(words[1]!, wordAt);
  const sigma = Math.sqrt(samplesPerSymbol / 2) * 10 ** (-(esn0Db ?? 0) / 20);
  const gaussian = () => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  const out = new Float32Array(floats * total);
  let phase = 1;
  for (let k = 0; k < total; k++) {
    const p = k === 0 ? 0 : 4 * bits[k - 1]! + 2 * bits[k]! + bits[k + 1]!;
    for (let i = 0; i < samplesPerSymbol; i++) {
      const w = 2 * (p * samplesPerSymbol + i);
      const turn = phase + (2 * Math.PI * cycles * (i + 0.5)) / samplesPerSymbol;
      const c = esn0Db === null ? 0 : Math.cos(turn);
      const s = esn0Db === null ? 0 : Math.sin(turn);
      out[k * floats + 2 * i] = c * reference.wave[w]! - s * reference.wave[w + 1]! + sigma * gaussian();
      out[k * floats + 2 * i + 1] = s * reference.wave[w]! + c * reference.wave[w + 1]! + sigma * gaussian();
    }
    phase += reference.advance[p]! + 2 * Math.PI * cycles;
  }
  return out;
}

function run(x: Float32Array, cut: number) {
  const stage = new SyncFrequency(reference, { words, spanSymbols: 800 });
  const input = new SlidingWindow(1 << 15);
  const frequency: number[] = [];
  const pattern: number[] = [];
  for (let at = 0; at < total; at += cut) {
    const n = Math.min(cut, total - at);
    input.append(x.subarray(at * floats, (at + n) * floats), n * floats);
    stage.advance(input, () => 0, at + n === total);
  }
  for (let k = 0; k < total; k++) {
    frequency.push(stage.frequencyOf(k) / (2 * Math.PI));
    pattern.push(stage.knownPattern(k));
  }
  return { frequency, pattern, output: stage.output.data.slice(0, total * floats) };
}

test('a sync word at 3 dB Es/N0, noise of four symbol rates unfiltered, gives the carrier to a thousandth of the symbol rate', () => {
  for (const [seed, cycles] of [
    [1, 0.033],
    [2, -0.047],
    [3, 0.011],
  ] as const) {
    const { frequency, pattern } = run(symbols(seed, 3, cycles), total);
    expect(Math.abs(frequency[wordAt + 200]! - cycles)).toBeLessThan(1e-3);
    expect(frequency[wordAt - 100]).toBe(0);
    const known = pattern.map((p, k) => (p < 0 ? -1 : k)).filter((k) => k >= 0);
    expect(known[0]).toBe(wordAt + 1);
    expect(known.length).toBe(words[1]!.length - 2);
  }
});

test('noise is passed as it is', () => {
  const { frequency } = run(symbols(4, null, 0), total);
  expect(frequency.every((f) => f === 0)).toBe(true);
});

test('cuts do not matter', () => {
  const x = symbols(5, 2, 0.02);
  const whole = run(x, total);
  for (const cut of [1, 37, 64, 300]) expect(run(x, cut)).toEqual(whole);
});
