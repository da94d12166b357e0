import { expect, test } from 'vitest';
import type { RawFrame } from '../../dsp/core/types.ts';
import { frameArbiter } from '../../dsp/framing/parts/frame-arbiter.ts';

const frame = (symbol: number, endSymbol = symbol + 1000): RawFrame => ({
  bytes: Uint8Array.of(1),
  symbol,
  endSymbol,
  syncQuality: null,
  integrity: { crc: 'none', fec: 'none', correctedSymbols: 0, repairedBits: 0, falseAlarmsPerHour: null },
});

function run(offers: readonly { at: number; symbol: number; doubt: number }[]) {
  const given: { symbol: number; at: number }[] = [];
  let rejects = 0;
  let now = 0;
  const out = { frame: (f: RawFrame) => void given.push({ symbol: f.symbol, at: now }), reject: () => void rejects++ };
  const arbiter = frameArbiter(4);
  for (; now < 3000; now++) {
    for (const { at, symbol, doubt } of offers) if (at === now) arbiter.offer(frame(symbol), doubt, now, out);
    if (now >= arbiter.wake()) arbiter.release(now, out);
  }
  return { given, rejects };
}

test('a confident frame goes out at once and keeps overlapping ones out', () => {
  const offers = [
    { at: 1000, symbol: 0, doubt: 2 },
    { at: 1112, symbol: 112, doubt: 16 },
    { at: 2000, symbol: 1000, doubt: 3 },
  ];
  expect(run(offers)).toEqual({
    given: [
      { symbol: 0, at: 1000 },
      { symbol: 1000, at: 2000 },
    ],
    rejects: 1,
  });
});

test('a doubtful frame waits for a better one, but not for ever', () => {
  const doubtful = { at: 1000, symbol: 0, doubt: 14 };
  expect(run([doubtful])).toEqual({ given: [{ symbol: 0, at: 1256 }], rejects: 0 });
  const better = run([doubtful, { at: 1112, symbol: 112, doubt: 0 }]);
  expect(better).toEqual({ given: [{ symbol: 112, at: 1112 }], rejects: 1 });
  const worse = run([doubtful, { at: 1112, symbol: 112, doubt: 15 }]);
  expect(worse).toEqual({ given: [{ symbol: 0, at: 1256 }], rejects: 1 });
});
