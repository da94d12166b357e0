import { expect, test } from 'vitest';
import type { LiveChannel } from '../../daemon/api/live-wire.ts';
import { heldLook } from '../../web/src/signal/held-look.ts';

const look = (timeMs: number, snrDb: number, more: Partial<LiveChannel> = {}) =>
  ({ capture: 1, channel: 0, timeMs, snrDb, ...more }) as LiveChannel;

test('a signal stays for ten seconds of noise, and no longer', () => {
  const signal = look(1000, 9);
  expect(heldLook(null, signal)).toBe(signal);
  expect(heldLook(signal, look(11_000, Number.NaN))).toBe(signal);
  const late = look(11_001, Number.NaN);
  expect(heldLook(signal, late)).toBe(late);
});

test('a newer signal, noise after noise, and another channel or capture take its place at once', () => {
  const signal = look(1000, 9);
  for (const next of [
    look(1500, 3),
    look(1500, Number.NaN, { channel: 1 }),
    look(1500, Number.NaN, { capture: 2 }),
    // The station's clock was set back.
    look(-20_000, Number.NaN),
  ])
    expect(heldLook(signal, next)).toBe(next);
  const noise = look(1500, Number.NaN);
  expect(heldLook(look(1000, Number.NaN), noise)).toBe(noise);
});
