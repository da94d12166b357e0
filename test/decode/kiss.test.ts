import { expect, test } from 'vitest';
import { kissRecord } from '../../daemon/decode/kiss.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('a frame is escaped between two FEND', () => {
  expect(hex(kissRecord(Uint8Array.of(1, 0xc0, 0xdb, 0xdc), null))).toBe('c00001dbdcdbdddcc0');
  expect(hex(kissRecord(new Uint8Array(0), null))).toBe('c000c0');
});

test('a known time comes before it, in ms since the epoch, escaped too', () => {
  // 0x18dc00000c0 ms contains both a C0 at its end and one in the middle.
  const time = new Date(0x18dc00000c0);
  expect(hex(kissRecord(Uint8Array.of(7), time))).toBe(
    'c009000001' + '8d' + 'dbdc' + '0000' + 'dbdc' + 'c0' + 'c00007c0',
  );
});
