import { expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import { makeDeframer } from '../../dsp/framing/index.ts';
import { burstOf, deframe, hex, randomBytes } from './deframe.ts';

const context = { symbolRate: 9600 };
const PREAMBLE_SYMBOLS = 16 * 8;

test('IDEASSat: a frame with a wrong CRC comes out as such behind a perfect sync word only', () => {
  const sent = randomBytes(200, prng(41));
  const params = { kind: 'ideassat' };
  const damaged = burstOf(params, [sent]);
  damaged[PREAMBLE_SYMBOLS + 40 + 10 * 83 + 3]! *= -1; // a data bit of a body
  const [frame] = deframe(makeDeframer(params, context), damaged).frames;
  expect(frame?.bytes.length).toBe(200);
  expect(frame?.integrity.crc).toBe('bad');
  damaged[PREAMBLE_SYMBOLS + 20]! *= -1;
  expect(deframe(makeDeframer(params, context), damaged).frames).toEqual([]);

  const weakSync = burstOf(params, [sent]);
  weakSync[PREAMBLE_SYMBOLS + 20]! *= -1;
  const [checked] = deframe(makeDeframer(params, context), weakSync).frames;
  expect(hex(checked!.bytes)).toBe(hex(sent));
  expect(checked!.integrity.crc).toBe('ok');
});

test.each([
  ['hsu-sat1', 48, 0.05],
  ['ax5043', 100, 0.03],
])('%s: the code bears channel errors', (kind, size, errorRate) => {
  const random = prng(42);
  const sent = Array.from({ length: 20 }, () => randomBytes(size, random));
  // Es/N0 of hard decisions with that error rate: Q(1.645) = 0.05, Q(1.881) = 0.03.
  const amplitude = errorRate === 0.05 ? 1.645 : 1.881;
  const x = burstOf({ kind }, sent).map((value) => amplitude * value + random.normal());
  const { frames } = deframe(makeDeframer({ kind }, context), x);
  const found = frames.filter(({ bytes }) => sent.map(hex).includes(hex(bytes)));
  expect(found.length).toBe(frames.length);
  expect(found.length).toBeGreaterThanOrEqual(17);
});
