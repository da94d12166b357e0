import { expect, test } from 'vitest';
import { type CrcName, crc } from '../../dsp/coding/crc.ts';

// Source: catalogue of parametrised CRC algorithms, check value of the nine ASCII digits.
const checks: Record<CrcName, number> = {
  x25: 0x906e,
  'ccitt-false': 0x29b1,
  xmodem: 0x31c3,
  arc: 0xbb3d,
  usb: 0xb4c8,
  cc11xx: 0xaee7,
  sx126x: 0x1a33,
  crc32c: 0xe3069283,
  crc8: 0xf4,
  // In no catalogue: by long division, bit by bit.
  crc5: 0x14,
  crc13: 0x356,
};

test.each(Object.entries(checks))('%s has its check value', (name, value) => {
  const digits = new TextEncoder().encode('123456789');
  expect(crc(name as CrcName)(digits)).toBe(value);
  const framed = new Uint8Array([9, 9, ...digits, 9]);
  expect(crc(name as CrcName)(framed, 2, 11)).toBe(value);
});
