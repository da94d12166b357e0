import { expect, test } from 'vitest';
import { encodeAddress, plausibleAddresses, uiFrame } from '../../dsp/coding/ax25-address.ts';

test('the call signs of the example in AX.25 v2.2, SSID 0, without command bit', () => {
  expect(Buffer.from(encodeAddress({ callsign: 'NJ7P', ssid: 0 }, false)).toString('hex')).toBe('9c946ea0404060');
  expect(Buffer.from(encodeAddress({ callsign: 'N7LEM', ssid: 0 }, true)).toString('hex')).toBe('9c6e988a9a4061');
});

test('bad addresses are refused', () => {
  expect(() => encodeAddress({ callsign: 'TOOLONG', ssid: 0 }, true)).toThrow(/TOOLONG/);
  expect(() => encodeAddress({ callsign: 'ab', ssid: 0 }, true)).toThrow(RangeError);
  expect(() => encodeAddress({ callsign: 'AB', ssid: 16 }, true)).toThrow(/16/);
});

test('plausibility', () => {
  const frame = uiFrame({ callsign: 'CQ', ssid: 0 }, { callsign: 'PI9ABC', ssid: 11 }, Uint8Array.of(1, 2, 3));
  expect(frame.length).toBe(19);
  expect(plausibleAddresses(frame)).toBe(true);
  for (let i = 0; i < 13; i++) {
    const broken = frame.slice();
    broken[i]! ^= 1;
    expect(plausibleAddresses(broken)).toBe(i === 6);
  }
  expect(plausibleAddresses(frame.subarray(0, 14))).toBe(false);
});
