/** What FX.25, IL2P, OPS-SAT and Astrocast bear beyond the laws. */
import { describe, expect, test } from 'vitest';
import { il2pDecode, il2pEncode } from '../../dsp/coding/il2p-header.ts';
import { prng } from '../../dsp/core/prng.ts';
import { encodeFrames, makeDeframer } from '../../dsp/framing/index.ts';
import { burstOf, deframe, hex, joined, noise, randomBytes, symbols } from './deframe.ts';

const context = { symbolRate: 9600 };
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const frame = (bytes: number) => randomBytes(bytes, prng(bytes));

/** `x` with single wrong symbols, `every` symbols apart, from `from` on. */
function damaged(x: Float32Array, from: number, every: number, count: number): Float32Array {
  const out = x.slice();
  for (let i = 0; i < count; i++) out[from + i * every]! *= -1;
  return out;
}

// Wrong symbols behind the sync word, each in a byte of its own; the last in the row is what the code bears.
test.each([
  ['fx25', 100, 8 * 16 + 64 + 10, 80, 16],
  ['astrocast-fx25-nrz', 200, 8 * 16 + 64 + 10, 120, 16],
  ['il2p', 200, 8 * 16 + 24 + 120 + 10, 200, 8],
] as const)('%s: %i bytes with as many errors as the code corrects', (kind, size, from, every, count) => {
  const sent = frame(size);
  const { frames } = deframe(makeDeframer({ kind }, context), damaged(burstOf({ kind }, [sent]), from, every, count));
  expect(frames.map(({ bytes }) => hex(bytes))).toEqual([hex(sent)]);
  expect(frames[0]!.integrity.correctedSymbols).toBeGreaterThanOrEqual(count);
});

describe('fx25', () => {
  test.each(['fx25', 'fx25-g3ruh'] as const)('%s gives frames of plain AX.25 too, each once', (kind) => {
    const [one, two, three] = [frame(40), frame(60), frame(600)];
    const plain = kind === 'fx25' ? 'ax25' : 'ax25-g3ruh';
    const quiet = () => noise(200, prng(3));
    const x = joined(quiet(), burstOf({ kind: plain }, [one]), quiet(), burstOf({ kind }, [two]), quiet());
    const { frames } = deframe(makeDeframer({ kind }, context), joined(x, burstOf({ kind: plain }, [three])));
    expect(frames.map(({ bytes }) => hex(bytes))).toEqual([one, two, three].map(hex));
  });

  test('the same frame twice is two frames', () => {
    const x = burstOf({ kind: 'fx25' }, [frame(40), frame(40)]);
    expect(deframe(makeDeframer({ kind: 'fx25' }, context), x).frames.length).toBe(2);
  });

  test('behind the scrambler likely errors of the channel are undone', () => {
    const sent = frame(80);
    const x = burstOf({ kind: 'fx25-g3ruh' }, [sent]);
    const doubted = damaged(x, 260, 110, 9).map((s, k) => ((k - 260) % 110 === 0 ? 0.3 * s : s));
    const decode = (maxTrials: number) => {
      const deframer = makeDeframer({ kind: 'fx25-g3ruh' }, { ...context, maxTrials, errorEvents: 'singles' });
      return deframe(deframer, doubted).frames.map(({ bytes }) => hex(bytes));
    };
    expect(decode(20)).toEqual([hex(sent)]);
  });
});

describe('il2p', () => {
  const params = { kind: 'il2p' } as const;
  const crcOf = (x: Float32Array) => deframe(makeDeframer(params, context), x).frames.map((f) => f.integrity.crc);

  test('the trailing CRC is checked where it is, and may be missing', () => {
    const x = burstOf(params, [frame(50)], { tailBytes: 0 });
    const silence = noise(64, prng(1));
    expect(crcOf(joined(x, silence))).toEqual(['ok']);
    expect(crcOf(joined(x.subarray(0, -32), silence))).toEqual(['none']);
    const other = burstOf(params, [frame(51)], { tailBytes: 0 }).subarray(-32);
    expect(crcOf(joined(x.subarray(0, -32), other, silence))).toEqual([]);
  });

  test('one wrong bit in each word of the CRC is borne', () => {
    const x = burstOf(params, [frame(50)], { tailBytes: 0 });
    expect(crcOf(damaged(x, x.length - 30, 8, 4))).toEqual(['ok']);
  });

  test('a header with two doubtful bytes is found', () => {
    const sent = bytesOf('968264888aaee4969668908a9465b8cf303132333435363738');
    const x = burstOf(params, [sent]);
    const header = 8 * 16 + 24;
    for (const k of [header + 9, header + 60]) x[k]! *= -0.3;
    const { frames } = deframe(makeDeframer(params, context), x);
    expect(frames.map(({ bytes }) => hex(bytes))).toEqual([hex(sent)]);
  });

  // Of the control field every kind; commands and responses.
  test.each([
    ['I', '968264888aaee4969668908a946556cc01'],
    ['RR', '968264888aaee4969668908a946f81'],
    ['REJ response', '96826488 8aae6496 9668908a 94ef59'.replaceAll(' ', '')],
    ['SABM', '968264888aaee4969668908a946f3f'],
    ['UA', '968264888aae64969668908a94ef73'],
    ['XID with information', '968264888aaee4969668908a946faf820102'],
    ['UI', '86a24040404060969668908a94ff03f0'],
    ['UI of PID TheNET', '86a24040404060969668908a94ff03cf00'],
  ])('%s frames are translated, and back', (_what, text) => {
    const { header, payload } = il2pEncode(bytesOf(text));
    const back = il2pDecode(header)!;
    expect(hex(back.ax25) + hex(payload)).toBe(text);
    expect(back.ax25.length).toBeGreaterThan(14);
    expect(back.payloadBytes).toBe(payload.length);
  });

  test.each([
    ['a repeater', '86a24040404060969668908a94fe968264888aae6503f0'],
    ['lower case', '86a240404040609696f2f0f294ff03f0'],
    ['command bits of version 1', '86a240404040609696689 08a947f03f0'.replace(' ', '')],
    ['an unknown PID', '86a24040404060969668908a94ff03aa'],
    ['SABME', '968264888aaee4969668908a946f7f'],
    ['less than a header', '0102'],
  ])('a frame with %s is sent whole', (_what, text) => {
    const { header, payload } = il2pEncode(bytesOf(text));
    expect(hex(payload)).toBe(text);
    expect(il2pDecode(header)).toEqual({ payloadBytes: payload.length, ax25: new Uint8Array(0) });
  });
});

test('OPS-SAT: errors that make or hide stuffed bits are undone', () => {
  const sent = frame(200);
  const x = damaged(burstOf({ kind: 'ops-sat' }, [sent]), 460, 430, 3).map((s, k) =>
    (k - 460) % 430 === 0 ? 0.3 * s : s,
  );
  const decode = (maxTrials: number) => {
    const deframer = makeDeframer({ kind: 'ops-sat' }, { ...context, maxTrials, errorEvents: 'singles' });
    return deframe(deframer, x).frames.map(({ bytes }) => hex(bytes));
  };
  expect(decode(0)).toEqual([]);
  expect(decode(100)).toEqual([hex(sent)]);
});

test('Astrocast: a frame may hold flags', () => {
  const sent = new Uint8Array(100).fill(0x7e);
  const x = symbols(encodeFrames({ kind: 'astrocast-fx25-nrz-i' }, [sent]));
  const { frames } = deframe(makeDeframer({ kind: 'astrocast-fx25-nrz-i' }, context), x);
  expect(frames.map(({ bytes }) => hex(bytes))).toEqual([hex(sent)]);
});

test.each([
  ['fx25', 240],
  ['il2p', 1024],
  ['il2p', 0],
  ['astrocast-fx25-nrz', 220],
  ['ops-sat', 224],
] as const)('%s: %i bytes do not fit', (kind, size) => {
  expect(() => encodeFrames({ kind }, [new Uint8Array(size)])).toThrow(RangeError);
});
