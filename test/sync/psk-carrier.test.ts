import { expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { PskCarrier } from '../../dsp/sync/psk-carrier.ts';

const sampleRate = 96_000;
const symbolRate = 1200;

/** Frequencies found in BPSK at an offset, with some noise. */
function estimates(offsetHz: number, searchHz: number): number[] {
  const random = prng(1);
  const samplesPerSymbol = sampleRate / symbolRate;
  const n = 3 * sampleRate;
  const iq = new Float32Array(2 * n);
  let sign = 1;
  for (let i = 0; i < n; i++) {
    if (i % samplesPerSymbol === 0) sign = random.uint32() & 1 ? 1 : -1;
    const angle = 2 * Math.PI * ((offsetHz * i) / sampleRate);
    iq[2 * i] = sign * Math.cos(angle) + 0.5 * random.normal();
    iq[2 * i + 1] = sign * Math.sin(angle) + 0.5 * random.normal();
  }
  const found: number[] = [];
  const carrier = new PskCarrier({ sampleRate, symbolRate, searchHz });
  for (let at = 0; at < n; at += 4096) {
    const take = Math.min(4096, n - at);
    carrier.push(iq.subarray(2 * at, 2 * (at + take)), take, (_sample, hz) => found.push(hz));
  }
  return found;
}

test.each([-15_000, -4000, 4000, 15_000])(
  'a slow carrier %d Hz off is found in a search as wide as 36 ppm of 437 MHz',
  (offsetHz) => {
    const found = estimates(offsetHz, 15_800).slice(8);
    expect(found.length).toBeGreaterThan(10);
    for (const hz of found) expect(Math.abs(hz - offsetHz)).toBeLessThan(6);
  },
);
