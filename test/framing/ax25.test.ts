import { describe, expect, test } from 'vitest';
import { uiFrame } from '../../dsp/coding/ax25-address.ts';
import { appendFcs, stuff } from '../../dsp/coding/hdlc.ts';
import { nrziEncode } from '../../dsp/coding/line-codes.ts';
import { prng } from '../../dsp/core/prng.ts';
import { makeDeframer } from '../../dsp/framing/index.ts';
import { burstOf, deframe, hex, joined, noise, randomBytes, symbols } from './deframe.ts';

const FLAG = [0, 1, 1, 1, 1, 1, 1, 0];
const context = { symbolRate: 9600 };
const run = (bits: number[]) =>
  deframe(makeDeframer({ kind: 'ax25' }, context), symbols(nrziEncode(Uint8Array.from(bits))));
const random = prng(21);
const body = (n: number) => stuff(appendFcs(randomBytes(n, random)));

test('FCS as published', () => {
  expect([...appendFcs(Uint8Array.of(1, 2, 3))]).toEqual([1, 2, 3, 0x3b, 0x9d]);
});

test('flags may share a zero, and one flag may close and open', () => {
  const sharedZero = [0, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0];
  const bits = [...sharedZero, ...body(20), ...FLAG, ...body(30), ...sharedZero, ...body(40), ...FLAG];
  expect(run(bits).frames.map(({ bytes }) => bytes.length)).toEqual([20, 30, 40]);
});

test('symbol and endSymbol are those between the flags', () => {
  const inside = body(25);
  const { frames } = run([...FLAG, ...FLAG, ...inside, ...FLAG]);
  expect(frames[0]).toMatchObject({ symbol: 16, endSymbol: 16 + inside.length });
});

test('short, misaligned, damaged and overlong frames are rejected by reason', () => {
  expect(run([...FLAG, ...body(14), ...FLAG])).toEqual({ frames: [], rejects: {} });
  expect(run([...FLAG, ...body(20), 0, ...FLAG])).toEqual({ frames: [], rejects: { length: 1 } });
  const damaged = body(20);
  damaged[30]! ^= 1;
  const { frames, rejects } = run([...FLAG, ...damaged, ...FLAG]);
  expect(frames).toEqual([]);
  expect((rejects['crc'] ?? 0) + (rejects['length'] ?? 0)).toBe(1);
  expect(run([...FLAG, ...body(1600), ...FLAG])).toEqual({ frames: [], rejects: { length: 1 } });
  expect(run([...FLAG, ...body(1536), ...FLAG]).frames.length).toBe(1);
});

test('an abort ends a frame, the next flag opens one', () => {
  const bits = [...FLAG, ...body(20).slice(0, 100), 1, 1, 1, 1, 1, 1, 1, 1, 0, ...FLAG, ...body(20), ...FLAG];
  expect(run(bits).frames.length).toBe(1);
});

test('unshifted text in the address field is no obstacle', () => {
  const frame = new TextEncoder().encode('BEACON BEACON 12345');
  const { frames } = deframe(makeDeframer({ kind: 'ax25-g3ruh' }, context), burstOf({ kind: 'ax25-g3ruh' }, [frame]));
  expect(frames.map(({ bytes }) => hex(bytes))).toEqual([hex(frame)]);
});

test('the closing flag may be cut off at any of its bits', () => {
  for (let cut = 1; cut <= 8; cut++) {
    const bits = [...FLAG, ...body(33), ...FLAG];
    expect(run(bits.slice(0, bits.length - cut)).frames.length).toBe(1);
  }
});

describe.each(['ax25', 'ax25-g3ruh'] as const)('list decoding of %s', (kind) => {
  const sent = uiFrame({ callsign: 'CQ', ssid: 0 }, { callsign: 'PI9ABC', ssid: 11 }, randomBytes(80, random));
  const clean = burstOf({ kind }, [sent]);
  const damaged = (places: readonly number[], pair: boolean) => {
    const x = clean.slice();
    for (const place of places) for (const k of pair ? [place, place + 1] : [place]) x[k] = -0.1 * x[k]!;
    return x;
  };

  test.each([
    ['pairs', [300]],
    ['pairs', [300, 517]],
    ['pairs', [300, 410, 517]],
    ['singles', [300]],
    ['singles', [300, 410, 517]],
  ] as const)('doubtful %s at %j are repaired, and said to be', (errorEvents, places) => {
    const x = damaged(places, errorEvents === 'pairs');
    expect(deframe(makeDeframer({ kind }, context), x).frames).toEqual([]);
    const { frames } = deframe(makeDeframer({ kind }, { ...context, maxTrials: 100, errorEvents }), x);
    expect(frames.map(({ bytes }) => hex(bytes))).toEqual([hex(sent)]);
    expect(frames[0]!.integrity.repairedBits).toBe(places.length * (errorEvents === 'pairs' ? 2 : 1));
    expect(frames[0]!.integrity.crc).toBe('ok');
  });

  test.each([
    ['opening', 'pairs'],
    ['closing', 'pairs'],
    ['opening', 'singles'],
    ['closing', 'singles'],
  ] as const)('a doubtful %s flag is repaired (%s)', (which, errorEvents) => {
    const [intact] = deframe(makeDeframer({ kind }, context), clean).frames;
    // One whole flag on each side, what NRZI and the descrambler need before it, noise around them.
    const lead = kind === 'ax25' ? 9 : 9 + 17;
    const burst = clean.slice(intact!.symbol - lead, intact!.endSymbol + 8);
    const at = which === 'opening' ? lead - 5 : burst.length - 6;
    for (let k = at; k < at + (errorEvents === 'pairs' ? 2 : 1); k++) burst[k] = -0.1 * burst[k]!;
    const x = joined(noise(900, random), burst, noise(900, random));
    expect(deframe(makeDeframer({ kind }, context), x).frames).toEqual([]);
    const make = () => makeDeframer({ kind }, { ...context, maxTrials: 100, errorEvents });
    const whole = deframe(make(), x);
    expect(whole.frames.map(({ bytes }) => hex(bytes))).toEqual([hex(sent)]);
    expect(whole.frames[0]!.integrity.repairedBits).toBe(errorEvents === 'pairs' ? 2 : 1);
    for (const cuts of [new Array(x.length).fill(1), [1000, 301, 5]]) expect(deframe(make(), x, cuts)).toEqual(whole);
  });

  test('needs plausible addresses', () => {
    const text = new TextEncoder().encode('unshifted text where the addresses belong');
    const x = burstOf({ kind }, [text]);
    x[300] = -0.1 * x[300]!;
    x[301] = -0.1 * x[301]!;
    expect(deframe(makeDeframer({ kind }, { ...context, maxTrials: 100 }), x).frames).toEqual([]);
  });

  test('noise gives no repaired frame', () => {
    const x = joined(noise(50_000, random));
    expect(deframe(makeDeframer({ kind }, { ...context, maxTrials: 100 }), x).frames).toEqual([]);
  });

  test('chunking does not matter', () => {
    const x = joined(noise(900, random), damaged([300, 410], true), noise(900, random));
    const make = () => makeDeframer({ kind }, { ...context, maxTrials: 100 });
    const whole = deframe(make(), x);
    expect(whole.frames.length).toBe(1);
    expect(deframe(make(), x, new Array(x.length).fill(1))).toEqual(whole);
    expect(deframe(make(), x, [17, 300, 301, 5])).toEqual(whole);
  });
});
