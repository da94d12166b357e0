import { expect, test } from 'vitest';
import { dissectCsp } from '../../daemon/telemetry/csp.ts';

/** Received from GOMX-3: test/recordings/gomx_3.wav. */
const gomx3 = Buffer.from('8aa8c101000102030405060708090a0b0c0d0e0f10111213cc79ebe6', 'hex');
const values = (frame: Uint8Array, order?: 'little-endian') =>
  Object.fromEntries(dissectCsp(frame, order).fields.map(({ name, value }) => [name, value]));
const swapped = (frame: Buffer) => Buffer.concat([Buffer.from(frame.subarray(0, 4)).reverse(), frame.subarray(4)]);

test('a packet of GOMX-3, with the place of every field', () => {
  expect(dissectCsp(gomx3)).toEqual({
    fields: [
      { name: 'priority', value: 'normal', offset: 0, length: 1 },
      { name: 'source', value: 5, offset: 0, length: 1 },
      { name: 'destination', value: 10, offset: 0, length: 2 },
      { name: 'destination_port', value: 35, offset: 1, length: 2 },
      { name: 'source_port', value: 1, offset: 2, length: 1 },
      { name: 'reserved', value: 0, offset: 3, length: 1 },
      { name: 'flags.fragmentation', value: false, offset: 3, length: 1 },
      { name: 'flags.hmac', value: false, offset: 3, length: 1 },
      { name: 'flags.xtea', value: false, offset: 3, length: 1 },
      { name: 'flags.rdp', value: false, offset: 3, length: 1 },
      { name: 'flags.crc32c', value: true, offset: 3, length: 1 },
      { name: 'header_order', value: 'big-endian', offset: 0, length: 4 },
      { name: 'data', value: '000102030405060708090a0b0c0d0e0f10111213', offset: 4, length: 20 },
      { name: 'crc32c.value', value: 'cc79ebe6', offset: 24, length: 4 },
      { name: 'crc32c.covers', value: 'data', offset: 24, length: 4 },
    ],
    reason: null,
  });
});

test('a wrong checksum is told', () => {
  const bad = Buffer.from(gomx3);
  bad[10]! ^= 1;
  expect(dissectCsp(bad).reason).toBe('the CRC-32C does not fit the packet');
  expect(values(bad)).toMatchObject({ 'crc32c.covers': null });
});

test('a header sent in reverse is recognised by the checksum, or taken at the word of the satellite file', () => {
  const fields = dissectCsp(swapped(gomx3)).fields;
  expect(fields.find(({ name }) => name === 'destination_port')).toMatchObject({ value: 35, offset: 1, length: 2 });
  expect(fields.find(({ name }) => name === 'priority')).toMatchObject({ value: 'normal', offset: 3, length: 1 });
  const withoutCrc = Buffer.from([0x00, 0x04, 0xa8, 0x8a, 0x42]);
  expect(values(withoutCrc)).toMatchObject({ priority: 'critical', header_order: 'big-endian' });
  expect(values(withoutCrc, 'little-endian')).toMatchObject({ priority: 'normal', source: 5, source_port: 4 });
});

test('a packet that is too short says so', () => {
  expect(dissectCsp(gomx3.subarray(0, 3)).reason).toMatch(/header has 4 bytes, the frame has 3/);
  expect(dissectCsp(gomx3.subarray(0, 7)).reason).toMatch(/too short/);
});
