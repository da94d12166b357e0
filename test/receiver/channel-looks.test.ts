import { expect, test } from 'vitest';
import { channelLooks } from '../../daemon/receiver/channel-looks.ts';
import { halfWidthHz } from '../../daemon/receiver/channel-plan.ts';
import { prng } from '../../dsp/core/prng.ts';
import { parseMode } from '../../dsp/mode.ts';
import { modulate } from '../../dsp/modulation/modulate.ts';

const outputRate = 48_000;
const seconds = 20;
const burstS = 0.09;
const offsetHz = 800;

/** Looks into `seconds` of noise, with a burst in each second, `snrDb` above the noise in its bandwidth. */
function looksInto(modeText: string, snrDb: number, seed: number) {
  const mode = parseMode(modeText);
  const random = prng(seed);
  const sigma = Math.sqrt((10 ** (-snrDb / 10) * outputRate) / (2 * halfWidthHz(mode.modulation)) / 2);
  const iq = Float32Array.from({ length: 2 * seconds * outputRate }, () => sigma * random.normal());
  for (let second = 0; second < seconds && snrDb > 0; second++) {
    const bits = Uint8Array.from({ length: mode.modulation.symbolRate * burstS }, () => random.uint32() & 1);
    const wave = modulate(bits, mode.modulation, { sampleRate: outputRate, startSample: 0, phase: 1 });
    const from = Math.round((second + 0.85 * (random.uint32() / 2 ** 32)) * outputRate);
    for (let n = 0; n < wave.iq.length >> 1; n++) {
      const angle = (2 * Math.PI * offsetHz * n) / outputRate;
      const [re, im] = [wave.iq[2 * n]!, wave.iq[2 * n + 1]!];
      iq[2 * (from + n)]! += re * Math.cos(angle) - im * Math.sin(angle);
      iq[2 * (from + n) + 1]! += re * Math.sin(angle) + im * Math.cos(angle);
    }
  }
  const plan = { mode, frequencyHz: 437e6, captureOffsetHz: 0, searchHz: 3000 };
  const found: { snrDb: number; offsetHz: number; timeMs: number }[] = [];
  let sample = 0;
  const one = channelLooks(
    plan as never,
    { outputRate, passbandHz: 20_000 },
    (at) => (1000 * at) / outputRate,
    () => (1000 * sample) / outputRate,
    (look, timeMs) => found.push({ snrDb: look.snrDb, offsetHz: look.offsetHz, timeMs: timeMs! }),
  );
  one.want(true);
  const piece = 1777;
  for (; sample + piece <= seconds * outputRate; sample += piece)
    one.push(iq.subarray(2 * sample, 2 * (sample + piece)), piece, sample);
  return found;
}

const modes = ['fsk:9600:ax25-g3ruh', 'bpsk:9600:ax25-g3ruh', 'fsk:1200:ax25', 'bpsk:1200:ax25'];

test.each(modes)('no short burst of %s is overlooked', (mode) => {
  for (const seed of [1, 2]) {
    const heard = looksInto(mode, 12, seed).filter(({ snrDb }) => !Number.isNaN(snrDb));
    const which = new Set(heard.map(({ timeMs }) => Math.floor(timeMs / 1000)));
    expect(which.size).toBeGreaterThanOrEqual(seconds - 2);
    const median = heard.map(({ snrDb }) => snrDb).toSorted((a, b) => a - b)[heard.length >> 1]!;
    expect(Math.abs(median - 12)).toBeLessThan(2);
    const near = heard.filter((look) => Math.abs(look.offsetHz - offsetHz) < 200);
    expect(near.length).toBeGreaterThan(0.8 * heard.length);
  }
});

test('noise alone is told every two seconds', () => {
  const looks = looksInto(modes[0]!, -40, 3);
  expect(looks.every(({ snrDb }) => Number.isNaN(snrDb))).toBe(true);
  expect(looks.length).toBeGreaterThanOrEqual(seconds / 2 - 1);
  expect(looks.length).toBeLessThanOrEqual(seconds / 2 + 1);
});
