import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kissRecord } from '../../daemon/decode/kiss.ts';
import { type KissFrame, kissReader } from '../../daemon/decode/kiss-reader.ts';

const hex = (text: string) => Buffer.from(text, 'hex');
const plain = (frames: readonly KissFrame[]) =>
  frames.map(({ frame, time }) => ({ frame: Buffer.from(frame).toString('hex'), time: time?.getTime() ?? null }));

function read(bytes: Uint8Array, cuts: readonly number[] = []) {
  const reader = kissReader();
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const frames = edges.slice(1).flatMap((edge, i) => reader.push(bytes.subarray(edges[i], edge)));
  reader.end();
  return { frames: plain(frames), rejects: { ...reader.rejects }, dataEnd: reader.dataEnd };
}

const timed = fc.record({
  frame: fc.uint8Array({ maxLength: 300 }),
  time: fc.option(fc.integer({ min: 0, max: 253_402_300_799_999 })),
});

describe('laws', () => {
  test('what kissRecord writes is read again, with its time', () => {
    fc.assert(
      fc.property(fc.array(timed, { maxLength: 8 }), (sent) => {
        const file = Buffer.concat(sent.map((s) => kissRecord(s.frame, s.time === null ? null : new Date(s.time))));
        const { frames, rejects, dataEnd } = read(file);
        expect(frames).toEqual(sent.map((s) => ({ frame: Buffer.from(s.frame).toString('hex'), time: s.time })));
        expect(Object.values(rejects).every((count) => count === 0)).toBe(true);
        expect(dataEnd).toBe(file.length);
      }),
    );
  });

  // FEND and the escapes much more often than among random bytes.
  const nasty = fc
    .array(fc.oneof(fc.constantFrom(0xc0, 0xdb, 0xdc, 0xdd, 0x00, 0x09), fc.nat(255)), { maxLength: 400 })
    .map((bytes) => Uint8Array.from(bytes));

  test('any bytes are read without an error, and however they are cut the result is the same', () => {
    fc.assert(
      fc.property(nasty, fc.array(fc.nat(400), { maxLength: 12 }), (bytes, cuts) => {
        expect(read(bytes, cuts)).toEqual(read(bytes));
      }),
      { numRuns: 500 },
    );
  });
});

test.each([
  ['one FEND between two records', 'c00001c00002c0', ['01', '02'], {}],
  ['any port', 'c05001c0', ['01'], {}],
  ['bytes before the first FEND', '0102c00001c0', ['01'], { strayBytes: 2 }],
  ['an unknown escape spoils its record alone', 'c000db01c0c00002c0', ['02'], { badEscapes: 1 }],
  ['an escape cut off by FEND', 'c00001dbc0c00002c0', ['02'], { badEscapes: 1 }],
  ['other commands', 'c00601c0c0ffc0c00002c0', ['02'], { otherCommands: 2 }],
  ['a short timestamp', 'c00901c0c00002c0', ['02'], { badTimestamps: 1 }],
  ['a last record that is cut off', 'c00001c0c00002', ['01'], { unfinished: 1 }],
])('%s', (_what, bytes, frames, rejects) => {
  const result = read(hex(bytes));
  expect(result.frames.map(({ frame }) => frame)).toEqual(frames);
  expect(Object.fromEntries(Object.entries(result.rejects).filter(([, count]) => count > 0))).toEqual(rejects);
});

test('a time belongs to the record right behind it only', () => {
  const time = 'c0090000018d00000001c0';
  expect(read(hex(`${time}c0000ac0c0000bc0`)).frames.map((f) => f.time)).toEqual([0x18d00000001, null]);
  // The timed record is spoilt: the next one must not inherit its time.
  expect(read(hex(`${time}c000db0ac0c0000bc0`)).frames.map((f) => f.time)).toEqual([null]);
  expect(read(hex(`c009${'f'.repeat(16)}c0c0000bc0`))).toMatchObject({
    frames: [{ frame: '0b', time: null }],
    rejects: { badTimestamps: 1 },
  });
});

test('a record without an end takes no memory, and the next one is read', () => {
  const reader = kissReader(16);
  const longest = Buffer.alloc(16, 1);
  expect(reader.push(kissRecord(longest, null))).toHaveLength(1);
  reader.push(Uint8Array.of(0xc0, 0));
  for (let i = 0; i < 1000; i++) reader.push(Buffer.alloc(1000, 1));
  expect(plain(reader.push(hex('c00002c0')))).toEqual([{ frame: '02', time: null }]);
  expect(reader.rejects.tooLong).toBe(1);
});
